import type { TokenIssuer, TokenVerifier, WorkspaceTokenDeps } from './deps.ts'
import { installationKeyOf } from './installation-key.ts'
import { issueToken } from './issue-token.ts'
import { createKeySets } from './key-sets.ts'
import { createSecret, rotateSecret } from './secrets.ts'
import { createVerifier } from './verify-token.ts'

/** Tokens of workspaces: made here or signed by a customer's back end, verified here. */
export function createWorkspaceTokens(deps: WorkspaceTokenDeps): TokenVerifier & TokenIssuer {
  const { keys } = deps
  const key = installationKeyOf(deps.roots)
  return {
    verify: createVerifier({ ...deps, key, keySets: createKeySets(deps) }),
    createSecret: (tx, workspaceId, now) => createSecret(keys, tx, { workspaceId, now }),
    rotateSecret: (tx, rotation) => rotateSecret(keys, tx, rotation),
    issue: (tx, wanted) => issueToken({ ...deps, key: key() }, tx, wanted),
  }
}
