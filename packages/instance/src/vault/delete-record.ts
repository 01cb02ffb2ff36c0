import type { InputOf, RequestContext } from '@freehold/authz/request'
import { entriesOf } from './indexes.ts'
import { noCollection } from './open-collection.ts'
import { addToCount, lockCollection } from './queries.ts'
import { noRecord, snapshotOf } from './record-answer.ts'
import { deleteEntries, deleteRecord as deleteRow, lockRecord } from './record-queries.ts'

export async function deleteRecord(ctx: RequestContext, { params }: InputOf<'deleteRecord'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'write')
  await ctx.mutate('vault_record.delete', workspace, async (tx) => {
    const collection = await lockCollection(tx, workspace.id, params.collection, 'share')
    if (!collection) throw noCollection(params.collection)
    const place = { workspaceId: workspace.id, collectionId: collection.id }
    const record = await lockRecord(tx, place, params.record_id)
    if (!record) throw noRecord()
    const entries = entriesOf(collection.schema, collection.indexes, record)
    await deleteEntries(
      tx,
      place,
      entries.map((entry) => ({ ...entry, record_id: record.id })),
    )
    await deleteRow(tx, place, record.id)
    await addToCount(tx, { ...place, records: -1 })
    return {
      resource: { kind: 'vault_record', id: record.id, label: params.collection },
      before: snapshotOf(params.collection, record),
      result: undefined,
    }
  })
}
