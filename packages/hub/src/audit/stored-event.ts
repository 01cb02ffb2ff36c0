import type { AuditEvent } from '@freehold/contract'
import type { Snapshot } from './event.ts'

/** A row of `eventColumns`, as the driver reads it. */
export type StoredEvent = {
  id: string
  at: Date
  actor_kind: string
  actor_id: string
  actor_label: string
  action: string
  resource_kind: string
  resource_id: string
  resource_label: string
  before: Snapshot
  after: Snapshot
  request_id: string | null
  ip: string | null
  workspace_id: string | null
  account_id: string | null
  seq: string | null
}
export type SealedRow = StoredEvent & { seq: string; prev_hash: string; hash: string }

/** An event as the chain's hash covers it, in its place. */
export type HashedEvent = Omit<AuditEvent, 'seq'> & { seq: number; prev_hash: string }
/** A line of an export. */
export type SealedEvent = HashedEvent & { hash: string }

/** An event as the API shows it. */
export function toAuditEvent(row: StoredEvent): AuditEvent {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, label: row.actor_label },
    action: row.action,
    resource: { kind: row.resource_kind, id: row.resource_id, label: row.resource_label },
    before: row.before,
    after: row.after,
    request_id: row.request_id,
    ip: row.ip,
    workspace_id: row.workspace_id,
    account_id: row.account_id,
    seq: row.seq === null ? null : Number(row.seq),
  }
}

/** What is hashed when an event takes the place `seq` behind `prevHash`. */
export function toHashedEvent(row: StoredEvent, seq: number, prevHash: string): HashedEvent {
  return { ...toAuditEvent(row), seq, prev_hash: prevHash }
}

export function toSealedEvent(row: SealedRow): SealedEvent {
  return { ...toHashedEvent(row, Number(row.seq), row.prev_hash), hash: row.hash }
}

/** A sealed event as the API shows it: without its links. */
export function toShown({ prev_hash: _prev, hash: _hash, ...event }: SealedEvent): AuditEvent {
  return event
}
