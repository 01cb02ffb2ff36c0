export type { InstanceDeps } from './deps.ts'
export { sessionHandlers } from './sessions/index.ts'
export { localTenants, tenantHandlers } from './tenants/index.ts'
export { localDataPlane } from './workspaces/index.ts'
