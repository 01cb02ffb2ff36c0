import type { Handlers, InputOf, RequestContext } from '@freehold/authz/request'
import { archiveWorkspace } from './archive-workspace.ts'
import { createWorkspace } from './create-workspace.ts'
import { getWorkspace } from './get-workspace.ts'
import { listWorkspaces, listWorkspacesByAccount } from './list-workspaces.ts'
import { restoreWorkspace } from './restore-workspace.ts'
import { setWorkspaceStatus } from './set-workspace-status.ts'
import { updateWorkspace } from './update-workspace.ts'

export { workspaceExport } from './export-part.ts'
export { archive } from './archive-workspace.ts'
export { refuseUnknownRegion } from './create-workspace.ts'
export { invalidState } from './invalid-state.ts'
export { listReadable } from './list-workspaces.ts'
export { updateWorkspace as updateWorkspaceRow } from './queries.ts'
export { reserveWorkspace } from './reserve-workspace.ts'
export { restore } from './restore-workspace.ts'
export { changeStatus } from './set-workspace-status.ts'
export {
  findWorkspaceAccounts,
  findWorkspaceIdBySlug,
  findWorkspacePlace,
  findWorkspaceStanding,
  findWorkspacesOutside,
  type WorkspacePlace,
} from './find-workspace.ts'

/** `regions` are those that an instance serves. */
export function workspaceHandlers({ regions }: { regions: readonly string[] }) {
  return {
    listRegions: async () => regions.map((id) => ({ id, name: id })),
    listWorkspaces,
    listWorkspacesByAccount,
    createWorkspace: (ctx: RequestContext, input: InputOf<'createWorkspace'>) => createWorkspace(ctx, input, regions),
    getWorkspace,
    updateWorkspace,
    setWorkspaceStatus,
    archiveWorkspace,
    restoreWorkspace,
  } satisfies Partial<Handlers>
}
