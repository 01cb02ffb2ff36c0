import type { Tx } from '@freehold/db'
import { insertSystemEvent } from '../audit/index.ts'
import { findWorkspaceStanding } from '../workspaces/index.ts'

/** What work of the instance's own, which no request asks for, needs of the hub. The scope is the workspace. */
export const backgroundChanges = {
  /** Whether the workspace takes writes. The transaction must hold its lock, so that a freeze which has answered is seen. */
  async mayWrite(tx: Tx, workspaceId: string): Promise<boolean> {
    return (await findWorkspaceStanding(tx, workspaceId))?.status === 'active'
  },

  /** The event of a change, in its transaction. */
  record: insertSystemEvent,
}
