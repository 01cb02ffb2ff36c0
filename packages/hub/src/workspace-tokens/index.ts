export { createWorkspaceTokens } from './create-workspace-tokens.ts'
export type { SecretRotation, Tenants, TokenIssuer, TokenVerifier, WantedToken, WorkspaceTokenDeps } from './deps.ts'
export { insertWorkspaceProfile } from './queries.ts'
export { workspaceSecretResealer } from './secret-resealer.ts'
