import { build, type Db, type Tx } from '@freehold/db'

export type WrappedKey = { workspaceId: string; version: number; wrapped: Buffer; rootVersion: number }
type Row = { version: number; wrapped: Buffer; root_version: number }

/** The newest version, which seals. It stays until the transaction has ended, so what it seals is stored before it can be rotated away. */
export async function holdNewestKey(tx: Tx, workspaceId: string): Promise<WrappedKey | undefined> {
  const [row] = await tx.sql<Row>({
    name: 'workspace_key_hold_newest',
    text: `select version, wrapped, root_version from hub.workspace_key where workspace_id = $1 order by version desc limit 1 for key share`,
    values: [workspaceId],
  })
  return row && toKey(workspaceId, row)
}

/** The key of this version or, where that has gone, the next newer. `isOwn`: this transaction has made it, and may yet be rolled back. */
export async function findKeyFrom(db: Db, workspaceId: string, version: number): Promise<(WrappedKey & { isOwn: boolean }) | undefined> {
  const [row] = await db.sql<Row & { is_own: boolean }>({
    name: 'workspace_key_find_from',
    text: `select version, wrapped, root_version, coalesce(xmin = pg_current_xact_id_if_assigned()::xid, false) as is_own
           from hub.workspace_key where workspace_id = $1 and version >= $2 order by version limit 1`,
    values: [workspaceId, version],
  })
  return row && { ...toKey(workspaceId, row), isOwn: row.is_own }
}

/** The first key of a workspace; nothing where it has one of any version. */
export function insertFirstKey(tx: Tx, key: WrappedKey, now: Date): Promise<unknown> {
  return tx.sql({
    name: 'workspace_key_insert_first',
    text: `insert into hub.workspace_key (workspace_id, version, wrapped, root_version, created_at)
           select $1, $2, $3, $4, $5 where not exists (select from hub.workspace_key where workspace_id = $1) on conflict do nothing`,
    values: [key.workspaceId, key.version, key.wrapped, key.rootVersion, now],
  })
}

/** A further version; touches no row where another rotation has made it. */
export function insertKey(tx: Tx, { workspaceId, version, wrapped, rootVersion }: WrappedKey, now: Date) {
  return tx.run(
    build
      .insertInto('hub.workspace_key')
      .values({ workspace_id: workspaceId, version, wrapped, root_version: rootVersion, created_at: now })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'version']).doNothing()),
  )
}

export function listKeyVersions(db: Db, workspaceId: string) {
  return db.rows(
    build
      .selectFrom('hub.workspace_key')
      .select(['version', 'root_version', 'created_at'])
      .where('workspace_id', '=', workspaceId)
      .orderBy('version', 'desc'),
  )
}

/** Waits for whoever seals by an older version, and lets nobody else begin. */
export function lockOlderKeys(tx: Tx, workspaceId: string, version: number) {
  return tx.sql<{ version: number }>({
    name: 'workspace_key_lock_older',
    text: 'select version from hub.workspace_key where workspace_id = $1 and version < $2 order by version for update',
    values: [workspaceId, version],
  })
}

export function deleteOlderKeys(tx: Tx, workspaceId: string, version: number) {
  return tx.run(build.deleteFrom('hub.workspace_key').where('workspace_id', '=', workspaceId).where('version', '<', version))
}

/** Touches no row where the key has been wrapped anew meanwhile. */
export function updateWrapped(tx: Tx, key: WrappedKey, before: Buffer) {
  return tx.run(
    build
      .updateTable('hub.workspace_key')
      .set({ wrapped: key.wrapped, root_version: key.rootVersion })
      .where('workspace_id', '=', key.workspaceId)
      .where('version', '=', key.version)
      .where('wrapped', '=', before),
  )
}

/** Keys of any workspace under older root keys. For the tables' owner. */
export function listUnderOlderRoot(rootVersion: number, limit: number) {
  return {
    name: 'workspace_key_list_under_older',
    text: `select workspace_id, version, wrapped, root_version from hub.workspace_key where root_version < $1
           order by root_version, workspace_id, version limit $2`,
    values: [rootVersion, limit],
  }
}

/** How many keys are under which root key. For the tables' owner. */
export const countByRoot = {
  name: 'workspace_key_count_by_root',
  text: 'select root_version, count(*)::int as count from hub.workspace_key group by root_version',
  values: [],
}

export function toKey(workspaceId: string, row: Row): WrappedKey {
  return { workspaceId, version: row.version, wrapped: row.wrapped, rootVersion: row.root_version }
}

export async function findAccountId(db: Db, workspaceId: string): Promise<string | null> {
  const row = await db.first(build.selectFrom('hub.workspace').select('account_id').where('id', '=', workspaceId))
  return row?.account_id ?? null
}
