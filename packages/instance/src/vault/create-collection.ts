import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { newId } from '@freehold/kit'
import { snapshotOf, toCollection } from './collection-answer.ts'
import { planIndexes } from './indexes.ts'
import { newHashKey, type VaultDeps } from './open-collection.ts'
import { countCollections, insertCollection } from './queries.ts'
import { compileSchema } from './schema/compile-schema.ts'

export async function createCollection(ctx: RequestContext, deps: VaultDeps, { body }: InputOf<'createCollection'>) {
  const workspace = ctx.granted('workspace', 'ddl')
  const now = ctx.clock.now()
  const { sensitive } = compileSchema(body.schema)
  const planned = planIndexes(body.schema, body.indexes ?? [], { stored: [], nextNo: 1, at: '/body/indexes' })
  const row = await ctx.mutate('vault_collection.create', workspace, async (tx) => {
    const id = newId(now.getTime())
    await deps.limits.refuseOver(tx, workspace.id, 'vault_collections', () => countCollections(tx, workspace.id))
    const data = sensitive.some((field) => field.sensitive === 'equality') ? await deps.keys.newest(tx, workspace.id, now) : null
    const made = await insertCollection(tx, {
      workspaceId: workspace.id,
      id,
      name: body.name,
      description: body.description ?? '',
      schema: body.schema,
      // There is nothing to build them from yet.
      indexes: planned.indexes.map((index) => ({ ...index, state: 'ready' })),
      nextIndexNo: planned.nextNo,
      hashKey: data && newHashKey(data, workspace.id, id).sealed,
      keyVersion: data && data.version,
      createdBy: ctx.principal.id,
      now,
    })
    if (!made) throw new AppError('conflict', `There is a collection \`${body.name}\` already. Choose another name, or change that one.`)
    return { resource: { kind: 'vault_collection', id, label: made.name }, after: snapshotOf(made), result: made }
  })
  return toCollection({ ...row, record_count: 0 })
}
