import { build, type Db, type Tables, type Tx } from '@freehold/db'
import { type Selectable, sql } from 'kysely'
import type { StoredIndex } from './indexes.ts'

const columns = [
  'id',
  'name',
  'description',
  'schema',
  'schema_version',
  'indexes',
  'next_index_no',
  'hash_key',
  'key_version',
  'created_at',
  'updated_at',
] as const
export type CollectionRow = Omit<Pick<Selectable<Tables['instance.vault_collection']>, (typeof columns)[number]>, 'indexes'> & {
  indexes: StoredIndex[]
}
export type CountedCollection = CollectionRow & { record_count: number }

function collections(workspaceId: string) {
  return build
    .selectFrom('instance.vault_collection as c')
    .select(columns)
    .where('c.workspace_id', '=', workspaceId)
    .where('c.deleted_at', 'is', null)
}

const recordCount = sql<string>`coalesce((select sum(n.records) from instance.vault_count n
  where n.workspace_id = c.workspace_id and n.collection_id = c.id), 0)`.as('record_count')

/** Newest first, one row more than the page. */
export async function listCollections(
  db: Db,
  workspaceId: string,
  page: { limit: number; after: string | null },
): Promise<CountedCollection[]> {
  let query = collections(workspaceId)
    .select(recordCount)
    .orderBy('c.id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('c.id', '<', page.after)
  return (await db.rows(query)).map(counted)
}

export async function findCollection(db: Db, workspaceId: string, name: string): Promise<CountedCollection | undefined> {
  const row = await db.first(collections(workspaceId).select(recordCount).where('c.name', '=', name))
  return row && counted(row)
}

/**
 * Holds the collection as it is until the transaction ends. Writers of records `share` it; whoever changes or deletes it waits for
 * them, and they for it.
 */
export async function lockCollection(
  tx: Tx,
  workspaceId: string,
  name: string,
  mode: 'share' | 'update',
): Promise<CollectionRow | undefined> {
  const query = collections(workspaceId).where('c.name', '=', name)
  const row = await tx.first(mode === 'share' ? query.forShare() : query.forUpdate())
  return row && { ...row, indexes: row.indexes as StoredIndex[] }
}

/** Same by id, deleted or not. */
export async function lockCollectionById(
  tx: Tx,
  workspaceId: string,
  id: string,
  mode: 'share' | 'update',
): Promise<(CollectionRow & { deleted_at: Date | null }) | undefined> {
  const query = build
    .selectFrom('instance.vault_collection')
    .select([...columns, 'deleted_at'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
  const row = await tx.first(mode === 'share' ? query.forShare() : query.forUpdate())
  return row && { ...row, indexes: row.indexes as StoredIndex[] }
}

function counted<Row extends { record_count: string; indexes: unknown[] }>(row: Row) {
  return { ...row, record_count: Number(row.record_count), indexes: row.indexes as StoredIndex[] }
}

export async function countRecords(db: Db, workspaceId: string, collectionId: string): Promise<number> {
  const row = await db.first(
    build
      .selectFrom('instance.vault_count')
      .select(sql<string>`coalesce(sum(records), 0)`.as('records'))
      .where('workspace_id', '=', workspaceId)
      .where('collection_id', '=', collectionId),
  )
  return Number(row?.records ?? 0)
}

export async function countAllRecords(db: Db, workspaceId: string): Promise<number> {
  const row = await db.first(
    build
      .selectFrom('instance.vault_count')
      .select(sql<string>`coalesce(sum(records), 0)`.as('records'))
      .where('workspace_id', '=', workspaceId),
  )
  return Number(row?.records ?? 0)
}

export async function countCollections(db: Db, workspaceId: string): Promise<number> {
  const row = await db.first(
    build
      .selectFrom('instance.vault_collection')
      .select(sql<string>`count(*)`.as('collections'))
      .where('workspace_id', '=', workspaceId)
      .where('deleted_at', 'is', null),
  )
  return Number(row?.collections ?? 0)
}

const stripes = 16

/** Counts records in or out. Writers take any of several rows, so that few of them wait for each other. */
export function addToCount(tx: Tx, { workspaceId, collectionId, records }: { workspaceId: string; collectionId: string; records: number }) {
  return tx.run(
    build
      .insertInto('instance.vault_count')
      .values({ workspace_id: workspaceId, collection_id: collectionId, stripe: Math.floor(Math.random() * stripes), records })
      .onConflict((conflict) =>
        conflict
          .columns(['workspace_id', 'collection_id', 'stripe'])
          .doUpdateSet({ records: sql`instance.vault_count.records + excluded.records` }),
      ),
  )
}

export type NewCollectionRow = {
  workspaceId: string
  id: string
  name: string
  description: string
  schema: Record<string, unknown>
  indexes: StoredIndex[]
  nextIndexNo: number
  hashKey: Buffer | null
  keyVersion: number | null
  createdBy: string
  now: Date
}

/** Undefined where there is one of this name. */
export async function insertCollection(tx: Tx, row: NewCollectionRow): Promise<CollectionRow | undefined> {
  const made = await tx.first(
    build
      .insertInto('instance.vault_collection')
      .values({
        workspace_id: row.workspaceId,
        id: row.id,
        name: row.name,
        description: row.description,
        schema: JSON.stringify(row.schema),
        indexes: JSON.stringify(row.indexes),
        next_index_no: row.nextIndexNo,
        hash_key: row.hashKey,
        key_version: row.keyVersion,
        created_by: row.createdBy,
        created_at: row.now,
        updated_at: row.now,
      })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'name']).where('deleted_at', 'is', null).doNothing())
      .returning(columns),
  )
  return made && { ...made, indexes: made.indexes as StoredIndex[] }
}

export type CollectionPatch = Partial<{
  description: string
  schema: Record<string, unknown>
  schemaVersion: number
  indexes: StoredIndex[]
  nextIndexNo: number
  hashKey: Buffer
  keyVersion: number
  updatedAt: Date
  deletedAt: Date
}>

export async function updateCollection(tx: Tx, workspaceId: string, id: string, patch: CollectionPatch): Promise<CollectionRow> {
  const row = await tx.first(
    build
      .updateTable('instance.vault_collection')
      .set({
        ...(patch.description !== undefined && { description: patch.description }),
        ...(patch.schema && { schema: JSON.stringify(patch.schema) }),
        ...(patch.schemaVersion !== undefined && { schema_version: patch.schemaVersion }),
        ...(patch.indexes && { indexes: JSON.stringify(patch.indexes) }),
        ...(patch.nextIndexNo !== undefined && { next_index_no: patch.nextIndexNo }),
        ...(patch.hashKey && { hash_key: patch.hashKey }),
        ...(patch.keyVersion !== undefined && { key_version: patch.keyVersion }),
        ...(patch.updatedAt && { updated_at: patch.updatedAt }),
        ...(patch.deletedAt && { deleted_at: patch.deletedAt }),
      })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .returning(columns),
  )
  return { ...row!, indexes: row!.indexes as StoredIndex[] }
}

export async function deleteCollection(tx: Tx, workspaceId: string, id: string): Promise<void> {
  await tx.run(build.deleteFrom('instance.vault_count').where('workspace_id', '=', workspaceId).where('collection_id', '=', id))
  await tx.run(build.deleteFrom('instance.vault_collection').where('workspace_id', '=', workspaceId).where('id', '=', id))
}
