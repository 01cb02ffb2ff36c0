import { build, type Db, type Statement, type Tables, type Tx } from '@freehold/db'
import { type Selectable, sql } from 'kysely'
import type { IndexEntry } from './indexes.ts'
import type { Data } from './sealing.ts'

export const recordColumns = ['id', 'version', 'data', 'sealed', 'hashes', 'key_version', 'created_at', 'updated_at'] as const
export type RecordRow = Pick<Selectable<Tables['instance.vault_record']>, (typeof recordColumns)[number]>
export type CollectionPlace = { workspaceId: string; collectionId: string }

/** What is stored of a record. `entries` are its entries in the collection's indexes. */
export type RecordToStore = {
  id: string
  version: number
  data: Data
  sealed: Record<string, string> | null
  hashes: Record<string, string> | null
  keyVersion: number | null
  entries: IndexEntry[]
}

function records({ workspaceId, collectionId }: CollectionPlace) {
  return build
    .selectFrom('instance.vault_record')
    .select(recordColumns)
    .where('workspace_id', '=', workspaceId)
    .where('collection_id', '=', collectionId)
}

export function findRecord(db: Db, place: CollectionPlace, id: string): Promise<RecordRow | undefined> {
  return db.first(records(place).where('id', '=', id))
}

/** Holds the record until the transaction ends. */
export function lockRecord(tx: Tx, place: CollectionPlace, id: string): Promise<RecordRow | undefined> {
  return tx.first(records(place).where('id', '=', id).forUpdate())
}

/** Same, each held as it is until the transaction ends. */
export function lockRecordsById(
  tx: Tx,
  place: CollectionPlace,
  { after, limit }: { after: string | null; limit: number },
): Promise<RecordRow[]> {
  let query = records(place).orderBy('id').limit(limit)
  if (after !== null) query = query.where('id', '>', after)
  return tx.rows(query.forShare())
}

/** Records by id from `after` on, for whoever goes through all of them. */
export function listRecordsById(
  db: Db,
  place: CollectionPlace,
  { after, limit }: { after: string | null; limit: number },
): Promise<RecordRow[]> {
  let query = records(place).orderBy('id').limit(limit)
  if (after !== null) query = query.where('id', '>', after)
  return db.rows(query)
}

/** Whether any record has something at the path. */
export async function hasRecordWith(db: Db, place: CollectionPlace, names: readonly string[]): Promise<boolean> {
  const row = await db.first(
    records(place)
      .where(sql<boolean>`data #> ${names}::text[] is not null`)
      .limit(1),
  )
  return row !== undefined
}

/** Stores new records with their entries, in two statements however many they are. */
export async function insertRecords(tx: Tx, place: CollectionPlace, rows: readonly RecordToStore[], now: Date): Promise<void> {
  if (rows.length === 0) return
  const documents = rows.map(({ id, version, data, sealed, hashes, keyVersion }) => ({
    id,
    version,
    data,
    sealed,
    hashes,
    key_version: keyVersion,
  }))
  await tx.sql(insertStatement(place, documents, now))
  await insertEntries(
    tx,
    place,
    rows.flatMap(({ id, entries }) => entries.map((entry) => ({ ...entry, record_id: id }))),
  )
}

function insertStatement({ workspaceId, collectionId }: CollectionPlace, documents: readonly object[], now: Date): Statement {
  return {
    name: 'vault_insert_records',
    text: `insert into instance.vault_record
        (workspace_id, collection_id, id, version, data, sealed, hashes, key_version, created_at, updated_at)
      select $1, $2, r.id, r.version, r.data, r.sealed, r.hashes, r.key_version, $4, $4
      from jsonb_to_recordset($3::jsonb) as r(id uuid, version integer, data jsonb, sealed jsonb, hashes jsonb, key_version integer)`,
    values: [workspaceId, collectionId, JSON.stringify(documents), now],
  }
}

export type EntryOfRecord = IndexEntry & { record_id: string }

/** Breaks the constraint `vault_index_entry_unique` where a unique key is taken. An entry that is there already stays. */
export async function insertEntries(
  tx: Tx,
  { workspaceId, collectionId }: CollectionPlace,
  entries: readonly EntryOfRecord[],
): Promise<void> {
  if (entries.length === 0) return
  await tx.sql({
    name: 'vault_insert_entries',
    text: `insert into instance.vault_index_entry (workspace_id, collection_id, index_no, key, record_id, is_unique)
      select $1, $2, e.no, e.key, e.id, e.is_unique from unnest($3::smallint[], $4::bytea[], $5::uuid[], $6::boolean[]) as e(no, key, id, is_unique)
      on conflict (workspace_id, collection_id, index_no, key, record_id) do nothing`,
    values: [workspaceId, collectionId, ...columnsOf(entries), entries.map((entry) => entry.is_unique)],
  })
}

export async function deleteEntries(
  tx: Tx,
  { workspaceId, collectionId }: CollectionPlace,
  entries: readonly EntryOfRecord[],
): Promise<void> {
  if (entries.length === 0) return
  await tx.sql({
    name: 'vault_delete_entries',
    text: `delete from instance.vault_index_entry x using unnest($3::smallint[], $4::bytea[], $5::uuid[]) as e(no, key, id)
      where x.workspace_id = $1 and x.collection_id = $2 and x.index_no = e.no and x.key = e.key and x.record_id = e.id`,
    values: [workspaceId, collectionId, ...columnsOf(entries)],
  })
}

function columnsOf(entries: readonly EntryOfRecord[]): [number[], Buffer[], string[]] {
  return [entries.map((entry) => entry.index_no), entries.map((entry) => entry.key), entries.map((entry) => entry.record_id)]
}

/** Of these entries, those whose unique key another record has. */
export async function listTakenEntries(
  db: Db,
  { workspaceId, collectionId }: CollectionPlace,
  entries: readonly EntryOfRecord[],
): Promise<number[]> {
  const unique = entries.map((entry, index) => ({ ...entry, index })).filter((entry) => entry.is_unique)
  if (unique.length === 0) return []
  const rows = await db.sql<{ index: number }>({
    name: 'vault_taken_entries',
    text: `select e.index from unnest($3::smallint[], $4::bytea[], $5::uuid[], $6::integer[]) as e(no, key, id, index)
      where exists (select from instance.vault_index_entry x where x.workspace_id = $1 and x.collection_id = $2
        and x.index_no = e.no and x.key = e.key and x.is_unique and x.record_id <> e.id)`,
    values: [workspaceId, collectionId, ...columnsOf(unique), unique.map(({ index }) => index)],
  })
  return rows.map(({ index }) => index)
}

export async function updateRecord(tx: Tx, place: CollectionPlace, record: Omit<RecordToStore, 'entries'>, now: Date): Promise<RecordRow> {
  const { id, version, data, sealed, hashes, keyVersion } = record
  const row = await tx.first(
    build
      .updateTable('instance.vault_record')
      .set({
        version,
        data: JSON.stringify(data),
        sealed: sealed && JSON.stringify(sealed),
        hashes: hashes && JSON.stringify(hashes),
        key_version: keyVersion,
        updated_at: now,
      })
      .where('workspace_id', '=', place.workspaceId)
      .where('collection_id', '=', place.collectionId)
      .where('id', '=', id)
      .returning(recordColumns),
  )
  return row!
}

export function deleteRecord(tx: Tx, { workspaceId, collectionId }: CollectionPlace, id: string) {
  return tx.run(
    build
      .deleteFrom('instance.vault_record')
      .where('workspace_id', '=', workspaceId)
      .where('collection_id', '=', collectionId)
      .where('id', '=', id),
  )
}

/** Removes up to `limit` of a collection's records; answers how many. By place in the table: a join would be planned without statistics. */
export function deleteSomeRecords(tx: Tx, { workspaceId, collectionId }: CollectionPlace, limit: number) {
  return tx.run(
    build
      .deleteFrom('instance.vault_record')
      .where('workspace_id', '=', workspaceId)
      .where(
        sql<boolean>`ctid = any (array(select ctid from instance.vault_record
          where workspace_id = ${workspaceId} and collection_id = ${collectionId} limit ${limit}))`,
      ),
  )
}

/** Removes up to `limit` entries of all indexes but those that are kept; answers how many. */
export function deleteSomeEntries(
  tx: Tx,
  { workspaceId, collectionId }: CollectionPlace,
  { keep, limit }: { keep: readonly number[]; limit: number },
): Promise<number> {
  return tx.run(
    build
      .deleteFrom('instance.vault_index_entry')
      .where('workspace_id', '=', workspaceId)
      .where(
        sql<boolean>`ctid = any (array(select ctid from instance.vault_index_entry
          where workspace_id = ${workspaceId} and collection_id = ${collectionId} and not (index_no = any (${keep}::smallint[])) limit ${limit}))`,
      ),
  )
}
