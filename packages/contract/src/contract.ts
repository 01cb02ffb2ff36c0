import type { AnyRoute } from './route.ts'
import { accountRoutes } from './routes/accounts.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { auditRoutes } from './routes/audit.ts'
import { eventRoutes } from './routes/events.ts'
import { identityRoutes } from './routes/identity.ts'
import { provisioningRoutes } from './routes/provisioning.ts'
import { workspaceRoutes } from './routes/workspaces.ts'

/** Every route of the API, by operation id. Server, OpenAPI, SDK, CLI, portal client and sweeps all come from it. */
export const contract = {
  ...identityRoutes,
  ...accountRoutes,
  ...workspaceRoutes,
  ...provisioningRoutes,
  ...apiKeyRoutes,
  ...auditRoutes,
  ...eventRoutes,
}

export type Contract = typeof contract
export type OperationId = keyof Contract

/** The routes as a list, for whoever treats them all alike. */
export const routes: readonly AnyRoute[] = Object.values(contract)
