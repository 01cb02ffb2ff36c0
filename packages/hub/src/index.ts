export { accountMemberHandlers } from './account-members/index.ts'
export { accountHandlers, findAccountPolicies } from './accounts/index.ts'
export {
  auditExport,
  auditHandlers,
  createSealer,
  insertAuditEvent,
  insertSystemEvent,
  readAuditEvent,
  readSigningKey,
  seedOf,
  sharedSigningKey,
} from './audit/index.ts'
export { apiKeyExport, apiKeyHandlers, createKeyNotices, isAddressAllowed } from './api-keys/index.ts'
export { environmentExport, environmentHandlers, requireEnvironment } from './environments/index.ts'
export { explainHandlers, type ExplainDeps } from './explain/index.ts'
export { exportHandlers } from './export/index.ts'
export { eventsHandlers } from './events/index.ts'
export { raiseGates } from './gates/index.ts'
export { groupHandlers } from './groups/index.ts'
export {
  createUseRecorder,
  ensureFirstOperator,
  findPrincipal,
  identityHandlers,
  INSTALLATION_ID,
  issueSetupLink,
} from './identity/index.ts'
export { invitationExport, invitationHandlers } from './invitations/index.ts'
export { limitExport, orgWorkspaceHandlers, tokenSettingsExport } from './org-workspaces/index.ts'
export { type DataPlane, type ProvisionDeps, provisioningHandlers, sagas } from './provisioning/index.ts'
export {
  compareWithSpiceDb,
  type Comparison,
  createDelivery,
  type Delivery,
  ensureKeeping,
  ensureSchema,
  isKeeping,
  startKeeping,
  stopKeeping,
} from './relationship-delivery/index.ts'
export { grantExport, memberExport, sharingHandlers } from './sharing/index.ts'
export { type OidcConfig, signInHandlers } from './sign-in/index.ts'
export { createWorkspaceTokens, type Tenants, type TokenVerifier, workspaceSecretResealer } from './workspace-tokens/index.ts'
export {
  findWorkspaceAccounts,
  findWorkspaceIdBySlug,
  findWorkspacePlace,
  findWorkspaceStanding,
  findWorkspacesOutside,
  workspaceExport,
  type WorkspacePlace,
  workspaceHandlers,
} from './workspaces/index.ts'
export { backgroundChanges } from './background-changes/index.ts'
export { readLimit, refuseOverLimit } from './limits/index.ts'
export { createWorkspaceKeys, rotateWorkspaceKey, type WorkspaceKeys } from './workspace-keys/index.ts'
export { countUnderRootKeys, rotateRootKey, type RotatingSources } from './key-rotation/index.ts'
export { createRootKeys, type OpenedRootKeys, type RootKeyStatus, wrapContext } from './root-keys/index.ts'
