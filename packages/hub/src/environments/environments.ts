import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { newId } from '@freehold/kit'
import { refuseOverLimit } from '../limits/index.ts'
import { insertRelationship } from '../relationships/index.ts'
import { environmentRelationships } from './environment-relationships.ts'
import { countEnvironments, insertEnvironment, listEnvironments as selectEnvironments } from './queries.ts'
import { toEnvironment } from './environment-answer.ts'

export async function listEnvironments(ctx: RequestContext, { query }: InputOf<'listEnvironments'>) {
  const workspace = ctx.granted('workspace', 'read')
  const page = pageById(query)
  const rows = await selectEnvironments(ctx.db, workspace.id, page)
  return toPage(rows, page.limit, toEnvironment, (row) => row.id)
}

export async function createEnvironment(ctx: RequestContext, { body }: InputOf<'createEnvironment'>) {
  const workspace = ctx.granted('workspace', 'administer')
  const now = ctx.clock.now()
  const row = await ctx.mutate('workspace.environment_create', workspace, async (tx) => {
    await refuseOverLimit(tx, workspace.id, 'environments', () => countEnvironments(tx, workspace.id))
    const environment = await insertEnvironment(tx, workspace.id, {
      id: newId(now.getTime()),
      slug: body.slug,
      name: body.name ?? body.slug,
      protected: body.protected ?? false,
      status: 'active',
      now,
    })
    if (!environment) {
      throw new AppError('slug_taken', 'This workspace has an environment of that slug. Choose another.', {
        errors: [{ pointer: '/body/slug', message: 'is taken' }],
      })
    }
    const tuples = environmentRelationships(workspace.id, environment)
    await insertRelationship(tx, ...tuples.map((tuple) => ({ ...tuple, createdAt: now, createdBy: null })))
    return {
      resource: { kind: 'environment', id: environment.id, label: environment.slug },
      after: toEnvironment(environment),
      result: environment,
    }
  })
  return toEnvironment(row)
}
