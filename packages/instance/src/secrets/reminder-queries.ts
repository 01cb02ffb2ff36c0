import { build, type ReadPool, type Tx } from '@freehold/db'

export type Reminder = { secretId: string; workspaceId: string; dueAt: Date | null }
export type DueReminder = Pick<Reminder, 'secretId' | 'workspaceId'>

/** When to remind next; null for never again. */
export async function setReminder(tx: Tx, { secretId, workspaceId, dueAt }: Reminder): Promise<void> {
  if (dueAt === null) await deleteReminder(tx, secretId)
  else
    await tx.run(
      build
        .insertInto('instance.secret_reminder')
        .values({ secret_id: secretId, workspace_id: workspaceId, due_at: dueAt })
        .onConflict((conflict) => conflict.column('secret_id').doUpdateSet({ due_at: dueAt })),
    )
}

export function deleteReminder(tx: Tx, secretId: string) {
  return tx.run(build.deleteFrom('instance.secret_reminder').where('secret_id', '=', secretId))
}

/** What is due, oldest first, by ids alone: no workspace is entered. */
export async function listDueReminders(reads: ReadPool, now: Date, limit: number): Promise<DueReminder[]> {
  const rows = await reads
    .under({ proof: {} })
    .rows(
      build
        .selectFrom('instance.secret_reminder')
        .select(['secret_id', 'workspace_id'])
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit),
    )
  return rows.map((row) => ({ secretId: row.secret_id, workspaceId: row.workspace_id }))
}

/** Takes a reminder for this transaction and answers when it was due; null where it is gone, not due any more, or another process has it. */
export async function takeReminder(tx: Tx, secretId: string, now: Date): Promise<Date | null> {
  const row = await tx.first(
    build
      .selectFrom('instance.secret_reminder')
      .select('due_at')
      .where('secret_id', '=', secretId)
      .where('due_at', '<=', now)
      .forUpdate()
      .skipLocked(),
  )
  return row?.due_at ?? null
}
