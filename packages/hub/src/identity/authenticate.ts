import { noLimits, type Principal } from '@freehold/authz/request'
import type { ReadPool } from '@freehold/db'
import type { ParsedToken } from '@freehold/kit'
import { findCredentialByHash } from './credential-queries.ts'
import { INSTALLATION_ID } from './installation.ts'
import { findKeyPrincipal, findUserPrincipal } from './principal-queries.ts'

export type Authenticated = { principal: Principal; expiresAt: Date | null }

/**
 * Who presents a token; null for one that is unknown, expired, revoked, or only a setup link.
 *
 * Two round trips, because row-level security lets a stranger read nothing but the row of the hash: the first finds out
 * whose it is, the second reads credential, holder and the gate's epoch in one snapshot, and alone decides.
 */
export async function findPrincipal(reads: ReadPool, token: ParsedToken, now: Date): Promise<Authenticated | null> {
  if (token.kind === 'setup_link') return null
  const found = await reads.under({ proof: { credential_hash: token.hash.toString('hex') } }).first(findCredentialByHash(token.hash))
  if (found?.kind !== token.kind) return null
  if (found.workspace_id !== null) return findKey(reads, found.id, found.workspace_id, now)
  return found.user_id === null || found.kind === 'api_key'
    ? null
    : findUser(reads, { id: found.id, kind: found.kind, userId: found.user_id }, now)
}

// How a session was proved, where that is more than a password. A token has the methods of the session that made it.
const secondFactors = new Set(['totp', 'recovery_code', 'passkey', 'mfa'])

type Held = { id: string; kind: 'session' | 'personal_token' | 'setup_link'; userId: string }

async function findUser(reads: ReadPool, { id, kind, userId }: Held, now: Date): Promise<Authenticated | null> {
  if (kind === 'setup_link') return null
  const scope = { principalId: userId, proof: { installation_id: INSTALLATION_ID } }
  const row = await reads.under(scope).first(findUserPrincipal(id, userId, INSTALLATION_ID, now))
  if (!row) return null
  const principal: Principal = {
    kind: 'user',
    id: userId,
    label: row.name,
    email: row.email,
    operator: row.operator === true,
    workspaceId: null,
    role: null,
    scopes: row.scopes,
    tenant: null,
    secondFactor: row.methods.some((method) => secondFactors.has(method)),
    limits: noLimits,
    credential: { id, kind, expiresAt: row.expires_at },
    gates: [{ id: userId, epoch: row.epoch }],
  }
  return { principal, expiresAt: row.expires_at }
}

async function findKey(reads: ReadPool, id: string, workspaceId: string, now: Date): Promise<Authenticated | null> {
  const row = await reads.under({ workspaceId }).first(findKeyPrincipal(id, workspaceId, now))
  if (!row) return null
  const principal: Principal = {
    kind: 'api_key',
    id,
    label: row.name,
    email: null,
    operator: false,
    workspaceId,
    role: row.role,
    scopes: row.scopes,
    tenant: null,
    secondFactor: false,
    limits: { allowedIps: row.allowed_ips, allowedOrigins: row.allowed_origins, environments: row.environments },
    credential: { id, kind: 'api_key', expiresAt: row.expires_at },
    gates: [{ id: workspaceId, epoch: row.epoch }],
  }
  return { principal, expiresAt: row.expires_at }
}
