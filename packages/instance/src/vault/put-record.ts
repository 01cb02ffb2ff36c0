import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { Tx } from '@freehold/db'
import { tellOfConflict } from './create-record.ts'
import { entriesOf, type IndexEntry } from './indexes.ts'
import { type OpenCollection, openForWriting, type VaultDeps } from './open-collection.ts'
import { prepareRecord, requirePrepared } from './prepare-record.ts'
import { noRecord, snapshotOf, toRecord } from './record-answer.ts'
import { deleteEntries, insertEntries, lockRecord, type RecordRow, type RecordToStore, updateRecord } from './record-queries.ts'
import { type Data, openFields } from './sealing.ts'

/** Replaces a record. What is sensitive is sealed anew, for the new version; a mask keeps the stored value. */
export async function putRecord(ctx: RequestContext, deps: VaultDeps, { params, body }: InputOf<'putRecord'>) {
  const workspace = ctx.granted('workspace', 'write')
  const now = ctx.clock.now()
  const row = await ctx
    .mutate('vault_record.update', workspace, async (tx) => {
      const collection = await openForWriting(tx, deps, { workspaceId: workspace.id, name: params.collection, now })
      const before = await lockRecord(tx, collection.place, params.record_id)
      if (!before) throw noRecord()
      const stored = await openRecord(tx, deps, collection.place, before)
      const version = before.version + 1
      const made = requirePrepared(prepareRecord(collection, { id: before.id, version, data: body.data, stored }), params.collection)
      const after = await replaceRecord(tx, collection, { before, made, now })
      return {
        resource: { kind: 'vault_record', id: after.id, label: params.collection },
        before: snapshotOf(params.collection, before),
        after: snapshotOf(params.collection, after),
        result: after,
      }
    })
    .catch(tellOfConflict)
  return toRecord(row)
}

/** A stored document in clear. */
export async function openRecord(tx: Tx, deps: VaultDeps, place: OpenCollection['place'], row: RecordRow): Promise<Data> {
  if (row.sealed === null || row.key_version === null) return row.data
  const { key } = await deps.keys.at(tx, place.workspaceId, row.key_version)
  return openFields(row.data, row.sealed, key, { ...place, recordId: row.id, version: row.version })
}

async function replaceRecord(
  tx: Tx,
  { place, row, schema }: OpenCollection,
  { before, made, now }: { before: RecordRow; made: RecordToStore; now: Date },
): Promise<RecordRow> {
  const old = entriesOf(schema.schema, row.indexes, before)
  const of = (entries: IndexEntry[], others: IndexEntry[]) =>
    entries.filter((entry) => !others.some((other) => isSame(entry, other))).map((entry) => ({ ...entry, record_id: before.id }))
  await deleteEntries(tx, place, of(old, made.entries))
  await insertEntries(tx, place, of(made.entries, old))
  return updateRecord(tx, place, made, now)
}

function isSame(one: IndexEntry, other: IndexEntry): boolean {
  return one.index_no === other.index_no && one.key.equals(other.key)
}
