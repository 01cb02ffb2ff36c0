import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { snapshotOf } from './collection-answer.ts'
import { noCollection } from './open-collection.ts'
import { countRecords, deleteCollection as deleteRow, lockCollection, updateCollection } from './queries.ts'
import { deleteSomeEntries, deleteSomeRecords } from './record-queries.ts'
import { insertTask } from './task-queries.ts'

/** So many records are changed or removed within a request; more are left to the background. */
export const mostAtOnce = 20_000

/** Deletes a collection. It is gone at once; the records of a large one are removed in the background. */
export async function deleteCollection(ctx: RequestContext, { params, query }: InputOf<'deleteCollection'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'ddl')
  await ctx.mutate('vault_collection.delete', workspace, async (tx) => {
    const collection = await lockCollection(tx, workspace.id, params.collection, 'update')
    if (!collection) throw noCollection(params.collection)
    const place = { workspaceId: workspace.id, collectionId: collection.id }
    const records = await countRecords(tx, workspace.id, collection.id)
    if (query.confirm !== collection.name) throw unconfirmed(collection.name, records)
    if (records > mostAtOnce) {
      await updateCollection(tx, workspace.id, collection.id, { deletedAt: ctx.clock.now() })
      await insertTask(tx, { ...place, kind: 'purge' })
    } else {
      await deleteSomeEntries(tx, place, { keep: [], limit: mostAtOnce * 20 })
      await deleteSomeRecords(tx, place, mostAtOnce)
      await deleteRow(tx, workspace.id, collection.id)
    }
    return {
      resource: { kind: 'vault_collection', id: collection.id, label: collection.name },
      before: { ...snapshotOf(collection), records },
      result: undefined,
    }
  })
}

function unconfirmed(name: string, records: number): AppError {
  return new AppError(
    'invalid_request',
    `This deletes \`${name}\` with ${records} records, for good. To go on, send \`confirm=${name}\`.`,
    {
      errors: [{ pointer: '/query/confirm', message: `must be ${name}` }],
      members: { records },
    },
  )
}
