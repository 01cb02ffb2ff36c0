import { isDeepStrictEqual } from 'node:util'
import { AppError } from '@freehold/contract'
import type { ReadPool, Tx, WritePool } from '@freehold/db'
import { newId } from '@freehold/kit'
import { insertAuditEvent } from '../audit/index.ts'
import { type Claims, skewSeconds } from './claims.ts'
import type { NamedTenant, Tenants } from './deps.ts'
import type { TokenMaterial } from './queries.ts'

type Deps = { reads: ReadPool; writes: WritePool; tenants: Tenants }
type Place = { workspaceId: string; material: TokenMaterial; now: Date }
type Named = NonNullable<Claims['tenant']>

/**
 * The tenant that a token names, made or changed as the token says. Throws `workspace_frozen` or `workspace_archived` for a new tenant
 * where nothing may be written, and EpochMoved where that has changed in between.
 */
export async function nameTenant(deps: Deps, claims: Claims & { tenant: Named }, place: Place): Promise<NamedTenant> {
  const { workspaceId, material } = place
  const { status } = material
  const isWritable = status === 'active' || status === 'provisioning'
  const found = await deps.tenants.find(deps.reads.under({ workspaceId }), { workspaceId, key: claims.tenant.key })
  if (found && (found.isDisabled || !isWritable || !tellsNews(claims, found))) return found
  if (!isWritable) throw notNow(status)

  const scope = { workspaceId, accountId: material.accountId, gates: [{ id: workspaceId, epoch: material.epoch }] }
  return deps.writes.transaction(scope, (tx) => ensure(deps.tenants, tx, claims.tenant, place), { workspaceId, mode: 'shared' })
}

/** Whether the token would change what is stored. One from before the last change does not undo it. */
function tellsNews({ tenant: { name, fields }, issuedAt }: Claims & { tenant: Named }, stored: NamedTenant): boolean {
  if (issuedAt !== null && (issuedAt + skewSeconds) * 1000 < stored.updatedAt.getTime()) return false
  return (name !== undefined && name !== stored.name) || (fields !== undefined && !isDeepStrictEqual(fields, stored.fields))
}

async function ensure(tenants: Tenants, tx: Tx, named: Named, { workspaceId, material, now }: Place): Promise<NamedTenant> {
  const { tenant, change } = await tenants.ensure(tx, { ...named, workspaceId, now })
  if (change === null) return tenant
  const resource = { kind: 'tenant', id: tenant.id, label: tenant.name }
  await insertAuditEvent(tx, {
    id: newId(now.getTime()),
    chain: { kind: 'workspace', id: workspaceId },
    accountId: material.accountId,
    at: now,
    actor: { ...resource, kind: 'workspace_token' },
    action: change === 'created' ? 'tenant.create' : 'tenant.update',
    resource,
    // The fields' values are the customer's, and a chain is never edited.
    after: { tenant_key: tenant.key, name: tenant.name, fields: Object.keys(tenant.fields) },
    requestId: null,
    ip: null,
  })
  return tenant
}

function notNow(status: TokenMaterial['status']): AppError {
  return status === 'archived'
    ? new AppError('workspace_archived', 'The token names a new tenant. Restore the workspace first: `POST /v1/workspaces/{id}/restore`.')
    : new AppError(
        'workspace_frozen',
        'The token names a new tenant. Unfreeze the workspace first: `PATCH /v1/workspaces/{id}/status` with `{"status":"active"}`.',
      )
}
