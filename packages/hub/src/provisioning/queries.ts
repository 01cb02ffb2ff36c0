import { build, type Tx } from '@freehold/db'

/** Answers the name of the workspace when its status was one of `from`, else undefined: nothing is done twice. */
export function moveStatus(tx: Tx, workspaceId: string, change: { from: readonly Status[]; to: Status; reason: string | null; now: Date }) {
  return tx.first(
    build
      .updateTable('hub.workspace')
      .set({ status: change.to, status_reason: change.reason, updated_at: change.now })
      .where('id', '=', workspaceId)
      .where('status', 'in', change.from)
      .returning('name'),
  )
}

type Status = 'provisioning' | 'active' | 'failed' | 'deleted'
