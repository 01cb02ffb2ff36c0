import { AppError, type FieldError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { entriesOf, uniqueFaults } from './indexes.ts'
import type { OpenCollection, VaultDeps } from './open-collection.ts'
import { addToCount, countAllRecords } from './queries.ts'
import { insertRecords, type RecordToStore } from './record-queries.ts'
import { type Data, keepMasked, sealFields } from './sealing.ts'

/** What to store, or every fault of the document with pointers into it. No fault repeats a value. */
export type Prepared = { record: RecordToStore; faults: null } | { record: null; faults: FieldError[] }

/**
 * Holds a document against its collection's schema and seals what is sensitive. `stored` is the present document in clear, where
 * there is one: a mask in the new one keeps its value. One that `fits` has been held against this very schema before.
 */
export function prepareRecord(
  collection: Pick<OpenCollection, 'place' | 'row' | 'schema' | 'keys'>,
  { id, version, data, stored = null, fits = false }: { id: string; version: number; data: Data; stored?: Data | null; fits?: boolean },
): Prepared {
  const { place, row, schema, keys } = collection
  const kept = keepMasked(data, stored, schema.sensitive)
  if (kept.faults.length > 0) return { record: null, faults: kept.faults }
  const faults = [...(fits ? [] : schema.validate(kept.data)), ...uniqueFaults(schema.schema, row.indexes, kept.data)]
  if (faults.length > 0) return { record: null, faults }
  const shown = keys
    ? sealFields(kept.data, schema.sensitive, keys, { ...place, recordId: id, version })
    : { data: kept.data, sealed: null, hashes: null }
  const entries = entriesOf(schema.schema, row.indexes, shown)
  return { record: { id, version, ...shown, keyVersion: shown.sealed && keys ? keys.data.version : null, entries }, faults: null }
}

/** Throws `invalid_request` for a document with faults. */
export function requirePrepared(prepared: Prepared, collection: string): RecordToStore {
  if (prepared.record) return prepared.record
  const errors = prepared.faults.map(({ pointer, message }) => ({ pointer: `/body/data${pointer}`, message }))
  const [first] = errors
  throw new AppError('invalid_request', `The record does not fit the schema of \`${collection}\`: ${first!.pointer} ${first!.message}.`, {
    errors,
  })
}

// Far from the limit nobody waits for anybody: so many writers at once, each with so many records, are still below it.
const margin = 50_000

/** Stores new records and counts them. At most 1,000 at a time. Throws `limit_reached`. */
export async function storeRecords(
  tx: Tx,
  deps: VaultDeps,
  { place, rows, now }: { place: OpenCollection['place']; rows: RecordToStore[]; now: Date },
) {
  const { workspaceId, collectionId } = place
  const count = () => countAllRecords(tx, workspaceId)
  const allowed = await deps.limits.read(tx, workspaceId, 'vault_records')
  if ((await count()) + rows.length + margin > allowed) await deps.limits.refuseOver(tx, workspaceId, 'vault_records', count, rows.length)
  await insertRecords(tx, place, rows, now)
  await addToCount(tx, { workspaceId, collectionId, records: rows.length })
}

export function uniqueConflict(): AppError {
  return new AppError(
    'conflict',
    'Another record has the same values in the fields of a unique index. Change these, or replace that record.',
  )
}
