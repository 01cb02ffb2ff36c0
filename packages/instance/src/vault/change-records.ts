import { AppError } from '@freehold/contract'
import type { VaultMigration } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import type { OpenCollection, VaultDeps } from './open-collection.ts'
import { prepareRecord } from './prepare-record.ts'
import { openRecord } from './put-record.ts'
import { type CollectionPlace, deleteSomeEntries, insertEntries, listRecordsById, type RecordRow, updateRecord } from './record-queries.ts'
import type { CompiledSchema } from './schema/compile-schema.ts'
import { migrateRecord } from './schema/migrate-record.ts'

const batch = 500
const mostEntries = 2_000_000

export type Breaks = Map<string, { path: string; what: string; records: number }>

/** What tells breaks apart: a field that is missing is another matter than one that does not fit. */
export function breakKey(path: string, what: string): string {
  return what.startsWith('is required') ? `${path} missing` : path
}

function count(breaks: Breaks, path: string, what: string): void {
  const key = breakKey(path, what)
  const known = breaks.get(key) ?? { path, what, records: 0 }
  breaks.set(key, { ...known, records: known.records + 1 })
}

/** The same place in every item. */
function placeOf(pointer: string): string {
  return pointer.replace(/\/\d+(?=\/|$)/g, '/*')
}

/** How many stored records the schema would refuse, by the place in them. Masked values are not held against it. */
export async function scanRecords(tx: Tx, place: CollectionPlace, schema: CompiledSchema): Promise<Breaks> {
  const breaks: Breaks = new Map()
  const masked = new Set(schema.sensitive.map(({ names }) => `/${names.join('/')}`))
  for await (const rows of batches(tx, place)) {
    for (const row of rows) {
      const seen = new Set<string>()
      for (const { pointer, message } of schema.validate(row.data)) {
        const path = placeOf(pointer)
        const key = breakKey(path, message)
        if (masked.has(path) || seen.has(key)) continue
        seen.add(key)
        count(breaks, path, message)
      }
    }
  }
  return breaks
}

/** Writes all records again as the migration says, sealed and indexed by the new schema; throws `conflict` where one does not fit it. */
export async function rewriteRecords(
  tx: Tx,
  deps: VaultDeps,
  collection: OpenCollection,
  { migration, now }: { migration: VaultMigration; now: Date },
): Promise<void> {
  const { place } = collection
  const breaks: Breaks = new Map()
  while ((await deleteSomeEntries(tx, place, { keep: [], limit: mostEntries })) === mostEntries);
  for await (const rows of batches(tx, place)) {
    for (const row of rows) {
      const version = row.version + 1
      const data = migrateRecord(await openRecord(tx, deps, place, row), migration)
      const { record, faults } = prepareRecord(collection, { id: row.id, version, data })
      if (!record) {
        for (const { pointer, message } of faults) count(breaks, placeOf(pointer), message)
        continue
      }
      if (breaks.size > 0) continue
      await insertEntries(
        tx,
        place,
        record.entries.map((entry) => ({ ...entry, record_id: row.id })),
      )
      await updateRecord(tx, place, record, now)
    }
  }
  if (breaks.size === 0) return
  throw new AppError(
    'conflict',
    'Records do not fit the new schema after this migration. Set defaults, rename or drop fields so that they do.',
    {
      members: { breaking: [...breaks.values()].slice(0, 100) },
    },
  )
}

async function* batches(tx: Tx, place: CollectionPlace): AsyncGenerator<RecordRow[]> {
  for (let after: string | null = null; ;) {
    const rows = await listRecordsById(tx, place, { after, limit: batch })
    if (rows.length > 0) yield rows
    if (rows.length < batch) return
    after = rows.at(-1)!.id
  }
}
