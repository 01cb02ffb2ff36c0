import type { Handlers, InputOf, RequestContext } from '@freehold/authz/request'
import { notBuilt } from '../not-built.ts'
import { createWorkspace } from './create-workspace.ts'
import { getWorkspace } from './get-workspace.ts'
import { listWorkspaces, listWorkspacesByAccount } from './list-workspaces.ts'
import { setWorkspaceStatus } from './set-workspace-status.ts'
import { updateWorkspace } from './update-workspace.ts'

export {
  findWorkspaceAccounts,
  findWorkspaceIdBySlug,
  findWorkspacePlace,
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
    ...notBuilt('archiveWorkspace', 'restoreWorkspace'),
  } satisfies Partial<Handlers>
}
