import type { ApiKeyRole, PrincipalKind } from '@freehold/contract'
import type { Gate } from '@freehold/db'

/** Who makes a request: proved by a credential, and only as long as `gates` have not moved. */
export type Principal = {
  kind: PrincipalKind
  /** The user's id, or the key's; of a workspace token the tenant's, or else the workspace's. */
  id: string
  /** The user's, key's, tenant's or token's name, as audit events show it. */
  label: string
  email: string | null
  /** Runs the installation. */
  operator: boolean
  /** Workspace of an API key or a workspace token, and the role there; null for a user. */
  workspaceId: string | null
  role: ApiKeyRole | null
  scopes: readonly string[]
  /** Of a workspace token: the one tenant whose data it reaches. */
  tenant: { id: string; key: string } | null
  /** The credential was proved by a second factor. */
  secondFactor: boolean
  /** What an API key may be used from and for; empty lists leave it free. */
  limits: KeyLimits
  credential: { id: string; kind: 'session' | 'personal_token' | 'api_key' | 'workspace_token'; expiresAt: Date | null }
  gates: readonly Gate[]
}

export type KeyLimits = {
  readonly allowedIps: readonly string[]
  readonly allowedOrigins: readonly string[]
  /** Slugs. */
  readonly environments: readonly string[]
}

export const noLimits: KeyLimits = { allowedIps: [], allowedOrigins: [], environments: [] }
