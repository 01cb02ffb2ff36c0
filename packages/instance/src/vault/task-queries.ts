import { build, type ReadPool, type Tx } from '@freehold/db'

/** `build` fills new indexes and removes what is left of old ones; `purge` removes what a deleted collection held. */
export type VaultTask = { workspaceId: string; collectionId: string; kind: 'build' | 'purge' }

export function insertTask(tx: Tx, { workspaceId, collectionId, kind }: VaultTask) {
  return tx.run(
    build
      .insertInto('instance.vault_task')
      .values({ workspace_id: workspaceId, collection_id: collectionId, kind })
      .onConflict((conflict) => conflict.doNothing()),
  )
}

/** What there is to do, by ids alone: no workspace is entered. */
export async function listTasks(reads: ReadPool, limit: number): Promise<VaultTask[]> {
  const rows = await reads
    .under({ proof: {} })
    .rows(build.selectFrom('instance.vault_task').select(['workspace_id', 'collection_id', 'kind']).limit(limit))
  return rows.map((row) => ({ workspaceId: row.workspace_id, collectionId: row.collection_id, kind: row.kind }))
}

/** Takes a task for this transaction; false where it is done, or another process has it. */
export async function takeTask(tx: Tx, { workspaceId, collectionId, kind }: VaultTask): Promise<boolean> {
  const [row] = await tx.sql<{ held: boolean }>({
    name: 'vault_take_task',
    text: `select pg_try_advisory_xact_lock(hashtextextended('vault task:' || collection_id::text, 0)) as held from instance.vault_task
      where workspace_id = $1 and collection_id = $2 and kind = $3`,
    values: [workspaceId, collectionId, kind],
  })
  return row?.held ?? false
}

export function deleteTask(tx: Tx, { workspaceId, collectionId, kind }: VaultTask) {
  return tx.run(
    build
      .deleteFrom('instance.vault_task')
      .where('workspace_id', '=', workspaceId)
      .where('collection_id', '=', collectionId)
      .where('kind', '=', kind),
  )
}
