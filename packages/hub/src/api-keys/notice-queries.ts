import { build, type ReadPool, type Tx } from '@freehold/db'
import { sql } from 'kysely'

type NoticeKind = 'expiry_notice' | 'expire' | 'grace_start'
export type NewNotice = { credentialId: string; workspaceId: string; kind: NoticeKind; dueAt: Date }
export type DueNotice = Pick<NewNotice, 'credentialId' | 'workspaceId' | 'kind'>

/** One notice of a kind for each key: a later word replaces an earlier one. */
export async function upsertNotices(tx: Tx, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length === 0) return
  await tx.run(
    build
      .insertInto('hub.api_key_notice')
      .values(
        notices.map((notice) => ({
          credential_id: notice.credentialId,
          workspace_id: notice.workspaceId,
          kind: notice.kind,
          due_at: notice.dueAt,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['credential_id', 'kind']).doUpdateSet((excluded) => ({ due_at: excluded.ref('excluded.due_at') })),
      ),
  )
}

/** Of all kinds unless told. */
export function deleteNotices(tx: Tx, credentialId: string, kind?: NoticeKind) {
  let query = build.deleteFrom('hub.api_key_notice').where('credential_id', '=', credentialId)
  if (kind) query = query.where('kind', '=', kind)
  return tx.run(query)
}

/** What is due, oldest first, by ids alone: no workspace is entered. */
export async function listDueNotices(reads: ReadPool, now: Date, limit: number): Promise<DueNotice[]> {
  const rows = await reads
    .under({ proof: {} })
    .rows(
      build
        .selectFrom('hub.api_key_notice')
        .select(['credential_id', 'workspace_id', 'kind'])
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit),
    )
  return rows.map((row) => ({ credentialId: row.credential_id, workspaceId: row.workspace_id, kind: row.kind }))
}

/** Takes a notice for this transaction and answers when it was due; null where it is gone, not due any more, or another process has it. */
export async function takeNotice(tx: Tx, { credentialId, kind }: DueNotice, now: Date): Promise<Date | null> {
  const row = await tx.first(
    build
      .selectFrom('hub.api_key_notice')
      .select('due_at')
      .where('credential_id', '=', credentialId)
      .where('kind', '=', kind)
      .where('due_at', '<=', now)
      .forUpdate()
      .skipLocked(),
  )
  return row?.due_at ?? null
}

/** Of keys just used, those at whose first use the grace of their predecessors begins. Under their workspace's scope. */
export function insertGraceStarts(usedIds: readonly string[], now: Date) {
  return build
    .insertInto('hub.api_key_notice')
    .columns(['credential_id', 'workspace_id', 'kind', 'due_at'])
    .expression(
      build
        .selectFrom('hub.credential as used')
        .innerJoin('hub.credential as replaced', 'replaced.id', 'used.replaces_id')
        .where(sql<boolean>`used.id = any(${usedIds})`)
        .where('used.grace_seconds', 'is not', null)
        .where('used.revoked_at', 'is', null)
        .where('replaced.revoked_at', 'is', null)
        .where((eb) => eb.or([eb('replaced.expires_at', 'is', null), eb('replaced.expires_at', '>', now)]))
        .select((eb) => [
          'used.id',
          eb.ref('used.workspace_id').$notNull().as('workspace_id'),
          sql<'grace_start'>`'grace_start'`.as('kind'),
          sql<Date>`${now}::timestamptz`.as('due_at'),
        ]),
    )
    .onConflict((conflict) => conflict.doNothing())
}
