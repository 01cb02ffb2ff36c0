import type { AuditAction } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import type { Reference, Snapshot } from './event.ts'
import { findAccountOfWorkspace, insertAuditEvent } from './insert-queries.ts'

type SystemEvent = { workspaceId: string; action: AuditAction; resource: Reference; before?: Snapshot; after?: Snapshot; now: Date }

/** Tells a workspace's chain of what the platform has done or found by itself. Under the workspace's scope. */
export async function insertSystemEvent(tx: Tx, { workspaceId, action, resource, before, after, now }: SystemEvent): Promise<void> {
  await insertAuditEvent(tx, {
    id: newId(now.getTime()),
    chain: { kind: 'workspace', id: workspaceId },
    accountId: await findAccountOfWorkspace(tx, workspaceId),
    at: now,
    actor: { kind: 'system', id: 'freehold', label: 'Freehold' },
    action,
    resource,
    before,
    after,
    requestId: null,
    ip: null,
  })
}
