import { type InputOf, pageOf, type RequestContext, toPage } from '@freehold/authz/request'
import { AppError, secretKeyPattern } from '@freehold/contract'
import type { InstanceDeps } from '../deps.ts'
import { findSecret, listSecrets as selectSecrets } from './queries.ts'
import { toListedSecret, toSecret } from './secret-answer.ts'
import type { SecretPlace } from './sealed-value.ts'

const keyPattern = new RegExp(secretKeyPattern)

/** What an environment sees, its own secrets over the shared ones; without one, the shared ones. Never a value. */
export async function listSecrets(ctx: RequestContext, deps: InstanceDeps, { query }: InputOf<'listSecrets'>) {
  const workspace = ctx.granted('workspace', 'read')
  const { environment = '' } = query
  const page = pageOf(query)
  if (page.after !== null && !keyPattern.test(page.after)) throw invalidCursor()
  const [rows] = await Promise.all([
    selectSecrets(ctx.db, { workspaceId: workspace.id, environment }, page, query),
    environment !== '' && deps.environments.require(ctx.db, workspace.id, environment),
  ])
  const now = ctx.clock.now()
  return toPage(
    rows,
    page.limit,
    (row) => toListedSecret(row, now),
    (row) => row.key,
  )
}

/** What is known of the secret of exactly this environment: what a change of it would meet. */
export async function getSecretMetadata(ctx: RequestContext, { params, query }: InputOf<'getSecretMetadata'>) {
  const workspace = ctx.granted('workspace', 'read')
  const at = { workspaceId: workspace.id, environment: query.environment ?? '', key: params.key }
  const row = await findSecret(ctx.db, at)
  if (!row) throw noSecret(at)
  return toSecret(row, ctx.clock.now())
}

export function invalidCursor(): AppError {
  return new AppError('invalid_request', 'The cursor is not one that this list gave out. Start again without it.', {
    errors: [{ pointer: '/query/cursor', message: 'is not a cursor of this list' }],
  })
}

export function noSecret({ environment, key }: Pick<SecretPlace, 'environment' | 'key'>): AppError {
  const where = environment === '' ? 'shared by all environments' : `of \`${environment}\` itself`
  return new AppError('not_found', `There is no secret \`${key}\` ${where}. \`GET …/secrets\` lists those there are.`)
}
