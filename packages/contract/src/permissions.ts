/** The closed list of permissions of each kind of object. A new nuance becomes a new object, not a new permission. */
export const permissions = {
  installation: ['read', 'administer'],
  account: ['read', 'administer', 'manage_billing', 'transfer'],
  workspace: ['read', 'write', 'execute', 'deploy', 'manage_secrets', 'reveal', 'ddl', 'manage_members', 'administer', 'transfer'],
} as const

export type ResourceType = keyof typeof permissions
export type Permission<T extends ResourceType = ResourceType> = T extends ResourceType ? (typeof permissions)[T][number] : never

export const accountRoles = ['owner', 'admin', 'billing', 'member'] as const
export const workspaceRoles = ['owner', 'admin', 'edit', 'view'] as const
/** An API key is never an owner. */
export const apiKeyRoles = ['admin', 'edit', 'view'] as const

export type AccountRole = (typeof accountRoles)[number]
export type WorkspaceRole = (typeof workspaceRoles)[number]
export type ApiKeyRole = (typeof apiKeyRoles)[number]
