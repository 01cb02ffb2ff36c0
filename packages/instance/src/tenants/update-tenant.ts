import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { TenantDeps } from './deps.ts'
import { noTenant } from './list-tenants.ts'
import { lockTenant, type TenantPatch, updateTenant as updateRow } from './queries.ts'
import { snapshotOf, toTenant } from './tenant-answer.ts'

/** Renames, disables or enables. The gate moves, so that from the answer on no process takes a disabled tenant's tokens. */
export async function updateTenant(ctx: RequestContext, deps: TenantDeps, { params, body }: InputOf<'updateTenant'>) {
  const workspace = ctx.granted('workspace', 'administer')
  const now = ctx.clock.now()
  const row = await ctx.mutate('tenant.update', workspace, async (tx) => {
    const before = await lockTenant(tx, workspace.id, params.tenant_key)
    if (!before) throw noTenant()
    const patch: TenantPatch = { name: body.name, fields: body.fields, disabledAt: disabledAt(body.status, before.disabled_at, now) }
    const after = (await updateRow(tx, { workspaceId: workspace.id, id: before.id }, patch, now))!
    await deps.raiseGates(tx, [workspace.id])
    return {
      resource: { kind: 'tenant', id: after.id, label: after.name },
      before: snapshotOf(before),
      after: snapshotOf(after),
      result: after,
    }
  })
  return toTenant(row)
}

/** Disabling again keeps the time of the first. */
function disabledAt(status: 'active' | 'disabled' | undefined, since: Date | null, now: Date): Date | null | undefined {
  if (status === undefined) return undefined
  return status === 'active' ? null : (since ?? now)
}
