import { type InputOf, pageOf, type RequestContext, toPage } from '@freehold/authz/request'
import { AppError, type Secret } from '@freehold/contract'
import type { InstanceDeps } from '../deps.ts'
import { invalidCursor, noSecret } from './list-secrets.ts'
import { createOpening } from './opening.ts'
import { findSecret, lockSecret } from './queries.ts'
import { refuseManaged } from './refusals.ts'
import { resourceOf, snapshotOf, toSecret } from './secret-answer.ts'
import { storeSecret } from './store-value.ts'
import { findVersion, listVersions } from './version-queries.ts'

/** Newest first, without values. */
export async function listSecretVersions(ctx: RequestContext, { params, query }: InputOf<'listSecretVersions'>) {
  const workspace = ctx.granted('workspace', 'read')
  const at = { workspaceId: workspace.id, environment: query.environment ?? '', key: params.key }
  const page = pageByVersion(query)
  const [secret, rows] = await Promise.all([findSecret(ctx.db, at), listVersions(ctx.db, at, page)])
  if (!secret) throw noSecret(at)
  return toPage(
    rows,
    page.limit,
    ({ version, created_at, created_by }) => ({
      version,
      current: version === secret.version,
      created_at: created_at.toISOString(),
      created_by,
    }),
    ({ version }) => String(version),
  )
}

/** The value of an earlier version as a new one, sealed anew. What it replaces ends at once. */
export async function rollbackSecret(
  ctx: RequestContext,
  { keys }: InstanceDeps,
  { params, query, body }: InputOf<'rollbackSecret'>,
): Promise<Secret> {
  const workspace = ctx.granted('workspace', 'manage_secrets')
  const now = ctx.clock.now()
  const at = { workspaceId: workspace.id, environment: query.environment ?? '', key: params.key }
  return ctx.mutate('secret.rollback', workspace, async (tx) => {
    const [held, kept, dataKey] = await Promise.all([
      lockSecret(tx, at),
      findVersion(tx, at, body.version),
      keys.newest(tx, workspace.id, now),
    ])
    const before = held?.row
    if (!before) throw noSecret(at)
    refuseManaged(before)
    if (body.version === before.version) {
      throw new AppError('invalid_state', `Version ${body.version} is the present one. Choose an earlier version.`)
    }
    if (!kept) throw new AppError('not_found', `Version ${body.version} is not kept. \`GET …/versions\` lists those that are.`)
    const value = await createOpening(tx, keys, workspace.id)(kept, at, body.version)
    const after = await storeSecret(tx, at, before, { value, dataKey, actorId: ctx.principal.id, now })
    return {
      resource: resourceOf(after),
      before: snapshotOf(before, now),
      after: { ...snapshotOf(after, now), restored_version: body.version },
      result: toSecret(after, now),
    }
  })
}

function pageByVersion(query: { limit?: number; cursor?: string }): { limit: number; after: number | null } {
  const { limit, after } = pageOf(query)
  if (after === null) return { limit, after }
  if (/^[1-9]\d{0,8}$/.test(after)) return { limit, after: Number(after) }
  throw invalidCursor()
}
