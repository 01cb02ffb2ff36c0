import { noLimits, type Principal } from '@freehold/authz/request'
import { EpochMoved } from '@freehold/db'
import { hashToken } from '@freehold/kit'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Authenticated } from '../identity/index.ts'
import { provingOf } from './algorithms.ts'
import { type Claims, namedWorkspace, readClaims, skewSeconds } from './claims.ts'
import type { NamedTenant, TokenVerifier, WorkspaceTokenDeps } from './deps.ts'
import type { InstallationKey } from './installation-key.ts'
import type { KeySets } from './key-sets.ts'
import { nameTenant } from './name-tenant.ts'
import { type Presented, type Proof, proveSignature } from './prove-signature.ts'
import { findTokenMaterial, findWorkspaceIdByKey, type TokenMaterial } from './queries.ts'
import { awaitsGrace, startGrace } from './start-grace.ts'

type Deps = WorkspaceTokenDeps & { key: () => InstallationKey; keySets: KeySets }

// Whoever verifies may meet a rotation, a freeze or a first use; then it is verified anew.
const attempts = 3

/**
 * Tells who a token stands for. Null whatever is wrong with it. Throws only what is not the token's fault: a database that is away, or
 * a new tenant where nothing may be written.
 */
export function createVerifier(deps: Deps): TokenVerifier['verify'] {
  return async (token) => {
    const presented = readPresented(token)
    if (!presented) return null
    const workspaceId = await findWorkspaceIdByKey(deps.reads, presented.workspaceKey)
    if (workspaceId === null) return null
    for (let attempt = 1; ; attempt++) {
      try {
        return await verifyOnce(deps, presented, workspaceId)
      } catch (error) {
        if (!(error instanceof EpochMoved) || attempt === attempts) throw error
      }
    }
  }
}

/** What a token claims to be, before anything of it is proved; null for what is no token of ours. */
function readPresented(token: string): (Presented & { workspaceKey: string }) | null {
  try {
    const { alg, kid } = decodeProtectedHeader(token)
    const workspaceKey = namedWorkspace(decodeJwt(token))
    if (provingOf(alg) === undefined || workspaceKey === null || (kid !== undefined && typeof kid !== 'string')) return null
    return { token, algorithm: alg!, kid, workspaceKey }
  } catch {
    return null
  }
}

async function verifyOnce(deps: Deps, presented: Presented, workspaceId: string): Promise<Authenticated | null> {
  const now = deps.clock.now()
  const material = await findTokenMaterial(deps.reads, workspaceId, now)
  if (!material || material.status === 'deleted' || material.status === 'failed') return null
  const place = { workspaceId, material, now }
  const proof = await proveSignature(deps, presented, place)
  const audiences = [deps.issuer(), 'freehold', material.key]
  const claims = proof && readClaims(proof.payload, { now, audiences })
  if (!proof || !claims) return null

  if (awaitsGrace(material, proof.secretId)) {
    await startGrace(deps.writes, { workspaceId, accountId: material.accountId, usedId: proof.secretId!, now })
    throw new EpochMoved('the grace of older secrets has begun')
  }
  // Read after the gate's epoch: a tenant that is disabled from here on moves the gate.
  const tenant = claims.tenant ? await nameTenant(deps, { ...claims, tenant: claims.tenant }, place) : null
  if (tenant?.isDisabled) return null
  const principal = principalOf(claims, { token: presented.token, workspaceId, epoch: material.epoch, tenant })
  return { principal, expiresAt: endOf(claims, proof) }
}

function principalOf(
  claims: Claims,
  { token, workspaceId, epoch, tenant }: { token: string; workspaceId: string; epoch: TokenMaterial['epoch']; tenant: NamedTenant | null },
): Principal {
  return {
    kind: 'workspace_token',
    id: tenant?.id ?? workspaceId,
    label: tenant?.name ?? 'workspace token',
    email: null,
    operator: false,
    workspaceId,
    role: claims.isAdmin ? 'admin' : 'view',
    scopes: [],
    tenant: tenant && { id: tenant.id, key: tenant.key },
    secondFactor: false,
    limits: noLimits,
    credential: {
      id: claims.id ?? hashToken(token).toString('base64url').slice(0, 22),
      kind: 'workspace_token',
      expiresAt: new Date(claims.expiresAt * 1000),
    },
    gates: [{ id: workspaceId, epoch }],
  }
}

/** How long the answer may be remembered: until the token ends, or before that the key that proved it. */
function endOf({ expiresAt }: Claims, { until }: Proof): Date {
  const end = new Date((expiresAt + skewSeconds) * 1000)
  return until !== null && until < end ? until : end
}
