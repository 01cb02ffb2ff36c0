import type { AuditAction } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { insertAuditEvent } from '../audit/index.ts'
import { findPlace } from './queries.ts'

/** What work of the instance's own, which no request asks for, needs of the hub. The scope is the workspace. */
export const backgroundChanges = {
  /** Whether the workspace takes writes. The transaction must hold its lock, so that a freeze which has answered is seen. */
  async mayWrite(tx: Tx, workspaceId: string): Promise<boolean> {
    return (await findPlace(tx, workspaceId))?.status === 'active'
  },

  /** The event of a change, in its transaction. */
  async record(tx: Tx, workspaceId: string, { action, resource, after, now }: BackgroundEvent): Promise<void> {
    await insertAuditEvent(tx, {
      id: newId(now.getTime()),
      chain: { kind: 'workspace', id: workspaceId },
      accountId: (await findPlace(tx, workspaceId))?.account_id ?? null,
      at: now,
      actor: { kind: 'system', id: 'freehold', label: 'Freehold' },
      action,
      resource,
      before: null,
      after,
      requestId: null,
      ip: null,
    })
  },
}

type BackgroundEvent = {
  action: AuditAction
  resource: { kind: string; id: string; label: string }
  after: Record<string, unknown> | null
  now: Date
}
