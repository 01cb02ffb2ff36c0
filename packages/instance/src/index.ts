export type { InstanceDeps } from './deps.ts'
export { sessionExport, sessionHandlers } from './sessions/index.ts'
export { localTenants, tenantExport, tenantHandlers } from './tenants/index.ts'
export { localDataPlane } from './workspaces/index.ts'
