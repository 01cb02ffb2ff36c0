import type { AnyRoute } from './route.ts'
import { accountMemberRoutes } from './routes/account-members.ts'
import { accountRoutes } from './routes/accounts.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { auditRoutes } from './routes/audit.ts'
import { credentialRoutes } from './routes/credentials.ts'
import { eventRoutes } from './routes/events.ts'
import { fileRoutes } from './routes/files.ts'
import { exportRoutes } from './routes/export.ts'
import { groupRoutes } from './routes/groups.ts'
import { identityRoutes } from './routes/identity.ts'
import { invitationRoutes } from './routes/invitations.ts'
import { orgWorkspaceRoutes } from './routes/org-workspaces.ts'
import { provisioningRoutes } from './routes/provisioning.ts'
import { secretRoutes } from './routes/secrets.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { sharingRoutes } from './routes/sharing.ts'
import { signInRoutes } from './routes/sign-in.ts'
import { tenantRoutes } from './routes/tenants.ts'
import { vaultRoutes } from './routes/vault.ts'
import { workspaceRoutes } from './routes/workspaces.ts'

/** Every route of the API, by operation id. Server, OpenAPI, SDK, CLI, portal client and sweeps all come from it. */
export const contract = {
  ...identityRoutes,
  ...signInRoutes,
  ...accountRoutes,
  ...accountMemberRoutes,
  ...groupRoutes,
  ...workspaceRoutes,
  ...provisioningRoutes,
  ...sharingRoutes,
  ...invitationRoutes,
  ...apiKeyRoutes,
  ...orgWorkspaceRoutes,
  ...tenantRoutes,
  ...sessionRoutes,
  ...secretRoutes,
  ...credentialRoutes,
  ...fileRoutes,
  ...vaultRoutes,
  ...auditRoutes,
  ...eventRoutes,
  ...exportRoutes,
}

export type Contract = typeof contract
export type OperationId = keyof Contract

/** The routes as a list, for whoever treats them all alike. */
export const routes: readonly AnyRoute[] = Object.values(contract)
