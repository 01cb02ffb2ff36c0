export { type AuditAction, auditActions } from './audit-actions.ts'
export { type Contract, contract, type OperationId, routes } from './contract.ts'
export {
  type AnyCredentialType,
  type CredentialTypeName,
  credentialTypeNames,
  credentialTypeOf,
  credentialTypes,
  type FieldsOf,
  type SecretsOf,
} from './credential-types/index.ts'
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
export { type AnyRoute, type Guard, isMutation, type PrincipalKind, type RouteInput, type RouteOutput } from './route.ts'
export { includesScope, knownScopes, scopeOf } from './scopes.ts'
export type { Grant, Member } from './schemas/access.ts'
export type { Account } from './schemas/account.ts'
export type { AccountMember } from './schemas/account-member.ts'
export { type ApiKey, lifetimesSeconds } from './schemas/api-key.ts'
export type { AuditEvent, ChainVerification } from './schemas/audit.ts'
export type {
  Credential,
  CredentialChange,
  CredentialCheck,
  CredentialFieldValue,
  CredentialTypeDescription,
  NewCredential,
} from './schemas/credential.ts'
export { type Explanation, obstacleKinds } from './schemas/explanation.ts'
export type { DownloadUrl, File, FileUpload, FileVersion, FolderEntry, UploadUrl } from './schemas/file.ts'
export { type ExportFormat, exportFormats } from './schemas/export.ts'
export type { Group, GroupMember } from './schemas/group.ts'
export type { Me } from './schemas/identity.ts'
export { type Invitation, type InvitationPreview, type InvitationSent, invitationStates } from './schemas/invitation.ts'
export type { OrgWorkspace, OrgWorkspaceChange } from './schemas/org-workspace.ts'
export { type Run, runStatuses, stepStatuses } from './schemas/run.ts'
export {
  type ImportedSecrets,
  type ListedSecret,
  maxSecretBytes,
  type ResolvedSecrets,
  type RevealedSecret,
  type Secret,
  secretCategories,
  type SecretCategory,
  secretKeyPattern,
  type SecretVersion,
} from './schemas/secret.ts'
export { type Session, sessionPhases } from './schemas/session.ts'
export type { Passkey, SecondFactors, SignInMethods } from './schemas/sign-in.ts'
export type { Tenant } from './schemas/tenant.ts'
export {
  type Collection,
  type CollectionSchema,
  type CollectionSummary,
  type ImportReport,
  type NewVaultIndex,
  type VaultIndex,
  vaultMask,
  type VaultMigration,
  type VaultQuery,
  type VaultRecord,
} from './schemas/vault.ts'
export { type Environment, tenancyModels, type Workspace, workspaceStatuses, type WorkspaceSummary } from './schemas/workspace.ts'
