import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { SignJWT } from 'jose'
import type { Tenants, WantedToken } from './deps.ts'
import type { InstallationKey } from './installation-key.ts'

type Deps = { key: InstallationKey; tenants: Tenants; issuer: () => string }

/**
 * A token signed by the installation, which no rotation of a secret touches. It holds neither name nor fields of the tenant: they are
 * stored now. Throws `invalid_state` for a disabled tenant.
 */
export async function issueToken({ key, tenants, issuer }: Deps, tx: Tx, wanted: WantedToken) {
  const { workspaceId, workspaceKey, tenant, isAdmin, lifetimeSeconds, now } = wanted
  const named = tenant && (await tenants.ensure(tx, { ...tenant, workspaceId, now })).tenant
  if (named?.isDisabled) {
    throw new AppError('invalid_state', 'This tenant is disabled. Enable it first: `PATCH /v1/workspaces/{id}/tenants/{key}`.')
  }
  const issuedAt = Math.floor(now.getTime() / 1000)
  const token = await new SignJWT({ workspaceKey, ...(named && { tenantKey: named.key }), isAdmin })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: key.kid })
    .setIssuer(issuer())
    .setAudience(workspaceKey)
    .setJti(newId(now.getTime()))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(key.privateKey)
  return { token, expiresAt: new Date((issuedAt + lifetimeSeconds) * 1000), tenantId: named?.id ?? null }
}
