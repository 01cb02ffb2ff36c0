import { AppError } from '@freehold/contract'
import type { WorkspaceRow } from './queries.ts'

/** A transition that the workspace's status does not allow. `rule` says which one does. */
export function invalidState(status: WorkspaceRow['status'], rule: string): AppError {
  return new AppError('invalid_state', `The workspace is ${status}; ${rule}.`, { members: { workspace_status: status } })
}
