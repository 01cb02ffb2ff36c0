import { build, type Db, type Tx } from '@freehold/db'

export type WrappedKey = { workspaceId: string; version: number; wrapped: Buffer }

/** The newest version, which seals. */
export async function findNewestKey(db: Db, workspaceId: string): Promise<WrappedKey | undefined> {
  const row = await db.first(
    build
      .selectFrom('hub.workspace_key')
      .select(['version', 'wrapped'])
      .where('workspace_id', '=', workspaceId)
      .orderBy('version', 'desc')
      .limit(1),
  )
  return row && { workspaceId, ...row }
}

export async function findKey(db: Db, workspaceId: string, version: number): Promise<WrappedKey | undefined> {
  const row = await db.first(
    build
      .selectFrom('hub.workspace_key')
      .select(['version', 'wrapped'])
      .where('workspace_id', '=', workspaceId)
      .where('version', '=', version),
  )
  return row && { workspaceId, ...row }
}

/** The key that is there already stays. */
export function insertKey(tx: Tx, { workspaceId, version, wrapped }: WrappedKey, now: Date) {
  return tx.run(
    build
      .insertInto('hub.workspace_key')
      .values({ workspace_id: workspaceId, version, wrapped, created_at: now })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'version']).doNothing()),
  )
}
