export { accountHandlers } from './accounts/index.ts'
export { apiKeyHandlers } from './api-keys/index.ts'
export { auditHandlers, createSealer, insertAuditEvent, loadSigningKey, readAuditEvent } from './audit/index.ts'
export { environmentHandlers } from './environments/index.ts'
export { eventsHandlers } from './events/index.ts'
export {
  createUseRecorder,
  ensureFirstOperator,
  findPrincipal,
  identityHandlers,
  INSTALLATION_ID,
  issueSetupLink,
} from './identity/index.ts'
export { type DataPlane, type ProvisionDeps, provisioningHandlers, sagas } from './provisioning/index.ts'
export { findWorkspacePlace, findWorkspacesOutside, type WorkspacePlace, workspaceHandlers } from './workspaces/index.ts'
