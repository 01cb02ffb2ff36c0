import type { Tx } from '@freehold/db'
import { entriesOf } from './indexes.ts'
import type { CollectionRow } from './queries.ts'
import { type CollectionPlace, insertEntries, lockRecordsById } from './record-queries.ts'

const batch = 1000

/**
 * Makes the entries of these indexes for up to `limit` records from `after` on, by id. Answers the last record, or null when all are
 * done. Each is held, so that no entry of what it was comes behind its change. Breaks `vault_index_entry_unique` where records meet in a unique index.
 */
export async function buildIndexes(
  tx: Tx,
  place: CollectionPlace,
  { schema, indexes }: Pick<CollectionRow, 'schema' | 'indexes'>,
  { after, limit }: { after: string | null; limit: number },
): Promise<string | null> {
  let last = after
  for (let done = 0; done < limit; done += batch) {
    const rows = await lockRecordsById(tx, place, { after: last, limit: batch })
    await insertEntries(
      tx,
      place,
      rows.flatMap((row) => entriesOf(schema, indexes, row).map((entry) => ({ ...entry, record_id: row.id }))),
    )
    if (rows.length < batch) return null
    last = rows.at(-1)!.id
  }
  return last
}
