import type { Handlers, InputOf, RequestContext } from '@freehold/authz/request'
import type { TokenIssuer } from '../workspace-tokens/index.ts'
import { archive, restore } from '../workspaces/index.ts'
import { createAccessToken } from './create-access-token.ts'
import { createOrgWorkspace } from './create-org-workspace.ts'
import { requireOrgWorkspace } from './find-org-workspace.ts'
import { getOrgWorkspace } from './get-org-workspace.ts'
import { listOrgWorkspaces } from './list-org-workspaces.ts'
import { toOrgWorkspace } from './org-workspace-answer.ts'
import { rotateWorkspaceSecret } from './rotate-workspace-secret.ts'
import { updateOrgWorkspace } from './update-org-workspace.ts'

export { limitExport, tokenSettingsExport } from './export-parts.ts'

export type OrgWorkspaceDeps = { regions: readonly string[]; tokens: TokenIssuer }

/** `regions` are those that an instance serves; the first is where a workspace goes unless told. */
export function orgWorkspaceHandlers(deps: OrgWorkspaceDeps) {
  const { tokens } = deps
  return {
    listOrgWorkspaces,
    createOrgWorkspace: (ctx: RequestContext, input: InputOf<'createOrgWorkspace'>) => createOrgWorkspace(deps, ctx, input),
    getOrgWorkspace,
    updateOrgWorkspace,
    createAccessToken: (ctx: RequestContext, input: InputOf<'createAccessToken'>) => createAccessToken(tokens, ctx, input),
    rotateWorkspaceSecret: (ctx: RequestContext, input: InputOf<'rotateWorkspaceSecret'>) => rotateWorkspaceSecret(tokens, ctx, input),
    archiveOrgWorkspace: async (ctx: RequestContext) => toOrgWorkspace(await archive(ctx, requireOrgWorkspace)),
    restoreOrgWorkspace: async (ctx: RequestContext) => toOrgWorkspace(await restore(ctx, requireOrgWorkspace)),
  } satisfies Partial<Handlers>
}
