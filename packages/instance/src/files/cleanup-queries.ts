import { build, type ReadPool, type Tx } from '@freehold/db'

type CleanupKind = 'object' | 'upload' | 'version'
export type Cleanup = { workspaceId: string; id: string; kind: CleanupKind }

/** Later words replace earlier ones. */
export async function insertCleanup(tx: Tx, items: readonly (Cleanup & { dueAt: Date })[]): Promise<void> {
  if (items.length === 0) return
  await tx.run(
    build
      .insertInto('instance.file_cleanup')
      .values(items.map((item) => ({ workspace_id: item.workspaceId, id: item.id, kind: item.kind, due_at: item.dueAt })))
      .onConflict((conflict) => conflict.columns(['id', 'kind']).doUpdateSet((excluded) => ({ due_at: excluded.ref('excluded.due_at') }))),
  )
}

/** Answers whether it was there: if not, the sweep has been at it. */
export async function deleteCleanup(tx: Tx, { workspaceId, id, kind }: Cleanup): Promise<boolean> {
  const removed = await tx.run(
    build.deleteFrom('instance.file_cleanup').where('id', '=', id).where('kind', '=', kind).where('workspace_id', '=', workspaceId),
  )
  return removed > 0
}

/** What is due, oldest first, by ids alone: no workspace is entered. */
export async function listDue(reads: ReadPool, now: Date, limit: number): Promise<Cleanup[]> {
  const rows = await reads
    .under({ proof: {} })
    .rows(
      build
        .selectFrom('instance.file_cleanup')
        .select(['workspace_id', 'id', 'kind'])
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit),
    )
  return rows.map((row) => ({ workspaceId: row.workspace_id, id: row.id, kind: row.kind }))
}

/** Takes an item for this transaction; false where it is gone, not due any more, or another process has it. */
export async function takeDue(tx: Tx, { id, kind }: Cleanup, now: Date): Promise<boolean> {
  const row = await tx.first(
    build
      .selectFrom('instance.file_cleanup')
      .select('id')
      .where('id', '=', id)
      .where('kind', '=', kind)
      .where('due_at', '<=', now)
      .forUpdate()
      .skipLocked(),
  )
  return row !== undefined
}

export function deleteCleanups(tx: Tx, workspaceId: string) {
  return tx.run(build.deleteFrom('instance.file_cleanup').where('workspace_id', '=', workspaceId))
}
