import type { Tx } from '@freehold/db'
import { deleteWorkspace, insertWorkspace, type NewInstanceWorkspace } from './queries.ts'

/** The data plane of an instance in the hub's own process and database. Both calls may be repeated. */
export const localDataPlane = {
  async openWorkspace(tx: Tx, workspace: NewInstanceWorkspace): Promise<void> {
    await insertWorkspace(tx, workspace)
  },
  async dropWorkspace(tx: Tx, workspaceId: string): Promise<void> {
    await deleteWorkspace(tx, workspaceId)
  },
}
