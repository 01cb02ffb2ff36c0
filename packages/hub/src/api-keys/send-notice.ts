import type { AuditAction } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { insertSystemEvent } from '../audit/index.ts'
import { toApiKey } from './api-key-answer.ts'
import { endAfterGrace } from './end-key.ts'
import { deleteNotices, type DueNotice, takeNotice } from './notice-queries.ts'
import { type ApiKeyRow, clearGrace, lockApiKey } from './queries.ts'

/**
 * Does what a notice is for and removes it, under its workspace's scope. Answers whether it was there to be sent: another
 * process may have it. A key that is gone needs none.
 */
export async function sendNotice(tx: Tx, notice: DueNotice, now: Date): Promise<boolean> {
  const { credentialId, workspaceId, kind } = notice
  // Before the notice, as whoever revokes a key takes them; a successor before what it replaces.
  const key = await lockApiKey(tx, workspaceId, credentialId)
  const dueAt = await takeNotice(tx, notice, now)
  if (dueAt === null) return false
  if (key && key.revoked_at === null) {
    if (kind === 'grace_start') await startGrace(tx, workspaceId, key, { dueAt, now })
    else await tellOfEnd(tx, workspaceId, key, { kind, now })
  }
  await deleteNotices(tx, credentialId, kind)
  return true
}

/** After a time without a server both notices are due: then only the end is news. */
async function tellOfEnd(
  tx: Tx,
  workspaceId: string,
  key: ApiKeyRow,
  { kind, now }: { kind: 'expiry_notice' | 'expire'; now: Date },
): Promise<void> {
  if (key.expires_at === null) return
  const hasEnded = key.expires_at <= now
  if (hasEnded === (kind === 'expire')) await record(tx, workspaceId, { action: `api_key.${kind}`, key, now })
}

/** The successor has been used, so the key that it replaces ends `grace_seconds` later. */
async function startGrace(tx: Tx, workspaceId: string, successor: ApiKeyRow, { dueAt, now }: { dueAt: Date; now: Date }): Promise<void> {
  if (successor.grace_seconds === null || successor.replaces_id === null) return
  const old = await lockApiKey(tx, workspaceId, successor.replaces_id)
  if (!old || old.revoked_at !== null || (old.expires_at !== null && old.expires_at <= now)) return
  const endsAt = await endAfterGrace(tx, workspaceId, old, { from: dueAt, graceSeconds: successor.grace_seconds, now })
  await clearGrace(tx, workspaceId, successor.id)
  await record(tx, workspaceId, {
    action: 'api_key.grace_start',
    key: old,
    now,
    after: { expires_at: endsAt.toISOString(), successor: successor.id },
  })
}

type Entry = { action: AuditAction; key: ApiKeyRow; now: Date; after?: Record<string, unknown> }

async function record(tx: Tx, workspaceId: string, { action, key, now, after }: Entry): Promise<void> {
  const before = toApiKey(key)
  await insertSystemEvent(tx, {
    workspaceId,
    action,
    resource: { kind: 'api_key', id: key.id, label: key.name },
    before: after === undefined ? null : before,
    after: after ?? before,
    now,
  })
}
