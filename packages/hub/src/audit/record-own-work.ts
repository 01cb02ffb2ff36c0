import type { Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import type { NewAuditEvent } from './event.ts'
import { insertAuditEvent } from './insert-queries.ts'

export type OwnWork = Pick<NewAuditEvent, 'action' | 'resource' | 'before' | 'after' | 'at'> & {
  workspaceId: string
  accountId: string | null
}

/** Leaves an event of what the installation itself did in a workspace, where no request is. The scope is the workspace. */
export async function recordOwnWork(tx: Tx, { workspaceId, ...work }: OwnWork): Promise<void> {
  await insertAuditEvent(tx, {
    ...work,
    id: newId(work.at.getTime()),
    chain: { kind: 'workspace', id: workspaceId },
    actor: { kind: 'system', id: 'freehold', label: 'Freehold' },
    requestId: null,
    ip: null,
  })
}
