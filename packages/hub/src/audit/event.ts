import type { AuditAction } from '@freehold/contract'

export type ChainKind = 'workspace' | 'account' | 'user'
export type Chain = { kind: ChainKind; id: string }
export type Reference = { kind: string; id: string; label: string }
export type Snapshot = Record<string, unknown> | null

/**
 * What a change leaves behind. `accountId` is the account that a workspace belongs to; an account's own chain implies it.
 * `before` and `after` hold what any reader of the chain may see: never a secret.
 */
export type NewAuditEvent = {
  id: string
  chain: Chain
  /** A workspace's chain implies it; no other chain has one. */
  workspaceId?: string | null | undefined
  accountId?: string | null | undefined
  at: Date
  actor: Reference
  action: AuditAction
  resource: Reference
  before?: Snapshot | undefined
  after?: Snapshot | undefined
  requestId: string | null
  ip: string | null
}
