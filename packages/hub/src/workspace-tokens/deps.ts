import type { Fetch } from '@freehold/drivers'
import type { Db, ReadPool, Tx, WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import type { Authenticated } from '../identity/index.ts'
import type { RootKeys } from '../root-keys/index.ts'
import type { WorkspaceKeys } from '../workspace-keys/index.ts'

/** Tells who a workspace token (a JWT) stands for; null for one that is worth nothing. */
export type TokenVerifier = { verify(token: string): Promise<Authenticated | null> }

/** Makes secrets and tokens of workspaces. Everything happens in the caller's transaction, whose scope is the workspace. */
export type TokenIssuer = {
  /** The workspace's first secret, shown once. */
  createSecret(tx: Tx, workspaceId: string, now: Date): Promise<string>
  /** A new secret; every older one ends at once, or `graceSeconds` after now or after the new one's first use. Moves the workspace's gate. */
  rotateSecret(tx: Tx, rotation: SecretRotation): Promise<{ secret: string; previousExpiresAt: Date | null }>
  /** A JWT signed by the installation, for the workspace or for one tenant of it. `workspaceKey` is the profile's `key`. */
  issue(tx: Tx, wanted: WantedToken): Promise<{ token: string; expiresAt: Date; tenantId: string | null }>
}
export type SecretRotation = { workspaceId: string; graceSeconds: number; graceFrom: 'now' | 'first_use'; now: Date }
export type WantedToken = {
  workspaceId: string
  workspaceKey: string
  tenant: { key: string; name?: string; fields?: Record<string, unknown> } | null
  isAdmin: boolean
  lifetimeSeconds: number
  now: Date
}

/** What an instance does for the hub when a token names a tenant. The scope is the workspace. */
export type Tenants = {
  find(db: Db, tenant: { workspaceId: string; key: string }): Promise<NamedTenant | undefined>
  /** The tenant of this key, made when it is first named; its name and fields follow the token, unless it is disabled. */
  ensure(tx: Tx, tenant: WantedTenant): Promise<{ tenant: NamedTenant; change: 'created' | 'updated' | null }>
}
export type NamedTenant = { id: string; key: string; name: string; fields: Record<string, unknown>; isDisabled: boolean; updatedAt: Date }
export type WantedTenant = { workspaceId: string; key: string; name?: string; fields?: Record<string, unknown>; now: Date }

export type WorkspaceTokenDeps = {
  roots: Pick<RootKeys, 'lasting'>
  keys: WorkspaceKeys
  tenants: Tenants
  /** The way out, for key sets of customers. */
  fetch: Fetch
  /** Of tokens that this installation signs. */
  issuer: () => string
  writes: WritePool
  reads: ReadPool
  clock: Clock
}
