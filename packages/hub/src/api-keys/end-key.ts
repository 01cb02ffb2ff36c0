import type { Relationship } from '@freehold/authz'
import type { Tx } from '@freehold/db'
import { raiseGates } from '../gates/index.ts'
import { deleteRelationship, insertRelationship } from '../relationships/index.ts'
import { deleteNotices, upsertNotices } from './notice-queries.ts'
import { type ApiKeyRow, updateKeyEnd } from './queries.ts'

/** The tuple that gives a key its role. */
export function roleOfKey(workspaceId: string, key: Pick<ApiKeyRow, 'id' | 'role'>): Relationship {
  return {
    resource: { type: 'workspace', id: workspaceId },
    relation: key.role!,
    subject: { type: 'api_key', id: key.id },
    expiresAt: null,
  }
}

/** Revokes a key at once: the workspace's gate moves, so no process answers the key again. */
export async function revokeKey(tx: Tx, workspaceId: string, key: ApiKeyRow, now: Date): Promise<void> {
  await updateKeyEnd(tx, workspaceId, key.id, { revoked_at: now })
  await deleteNotices(tx, key.id)
  await deleteRelationship(tx, roleOfKey(workspaceId, key))
  await raiseGates(tx, [workspaceId])
}

/** Lets a key end `graceSeconds` after `from`, or sooner where it would have; answers when. No grace at all revokes it. */
export async function endAfterGrace(
  tx: Tx,
  workspaceId: string,
  key: ApiKeyRow,
  { from, graceSeconds, now }: { from: Date; graceSeconds: number; now: Date },
): Promise<Date> {
  const graceEnd = new Date(from.getTime() + graceSeconds * 1000)
  const end = key.expires_at !== null && key.expires_at < graceEnd ? key.expires_at : graceEnd
  if (end <= now) {
    await revokeKey(tx, workspaceId, key, now)
    return now
  }
  await updateKeyEnd(tx, workspaceId, key.id, { expires_at: end })
  // The end was asked for, so nobody is warned of it; that it has come is still told.
  await deleteNotices(tx, key.id, 'expiry_notice')
  await upsertNotices(tx, [{ credentialId: key.id, workspaceId, kind: 'expire', dueAt: end }])
  const role = roleOfKey(workspaceId, key)
  await deleteRelationship(tx, role)
  await insertRelationship(tx, { ...role, expiresAt: end, createdAt: key.created_at, createdBy: key.created_by })
  return end
}
