import type { TokenIssuer } from '../workspace-tokens/index.ts'
import { notBuilt } from '../not-built.ts'

export function orgWorkspaceHandlers(_deps: { regions: readonly string[]; tokens: TokenIssuer }) {
  return notBuilt(
    'listOrgWorkspaces',
    'createOrgWorkspace',
    'getOrgWorkspace',
    'updateOrgWorkspace',
    'createAccessToken',
    'rotateWorkspaceSecret',
    'archiveOrgWorkspace',
    'restoreOrgWorkspace',
  )
}
