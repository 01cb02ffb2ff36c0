export type { InstanceDeps } from './deps.ts'
export {
  createRotationReminders,
  putManagedSecret,
  type RotationDue,
  secretExport,
  secretHandlers,
  secretResealer,
} from './secrets/index.ts'
export { credentialExport, credentialHandlers, credentialResealer, useCredential } from './credentials/index.ts'
export { createFileSweep, deleteWorkspaceFileRows, deleteWorkspaceObjects, fileExport, fileHandlers } from './files/index.ts'
export { createVaultTasks, vaultExportParts, vaultHandlers, vaultResealers } from './vault/index.ts'
export { sessionExport, sessionHandlers } from './sessions/index.ts'
export { localTenants, tenantExport, tenantHandlers } from './tenants/index.ts'
export { localDataPlane } from './workspaces/index.ts'
