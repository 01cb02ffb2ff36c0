export { type AuditAction, auditActions } from './audit-actions.ts'
export { type Contract, contract, type OperationId, routes } from './contract.ts'
export { AppError, type ErrorCode, errorCatalogue, type FieldError } from './errors.ts'
export {
  type AccountRole,
  accountRoles,
  type ApiKeyRole,
  apiKeyRoles,
  type Permission,
  permissions,
  type ResourceType,
  type WorkspaceRole,
  workspaceRoles,
} from './permissions.ts'
export type { AnyRoute, Guard, PrincipalKind, RouteInput, RouteOutput } from './route.ts'
export type { Account } from './schemas/account.ts'
export { type ApiKey, lifetimesSeconds } from './schemas/api-key.ts'
export type { AuditEvent, ChainVerification } from './schemas/audit.ts'
export type { Me } from './schemas/identity.ts'
export { type Run, runStatuses, stepStatuses } from './schemas/run.ts'
export { type Environment, tenancyModels, type Workspace, workspaceStatuses, type WorkspaceSummary } from './schemas/workspace.ts'
