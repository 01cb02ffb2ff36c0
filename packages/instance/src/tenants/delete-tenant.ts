import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { TenantDeps } from './deps.ts'
import { noTenant } from './list-tenants.ts'
import { deleteTenant as deleteRows, lockTenant } from './queries.ts'
import { snapshotOf } from './tenant-answer.ts'

/** Deletes a tenant and all its data; whoever was let in as this tenant is no longer. */
export async function deleteTenant(ctx: RequestContext, deps: TenantDeps, { params }: InputOf<'deleteTenant'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'administer')
  await ctx.mutate('tenant.delete', workspace, async (tx) => {
    const tenant = await lockTenant(tx, workspace.id, params.tenant_key)
    if (!tenant) throw noTenant()
    await deleteRows(tx, { workspaceId: workspace.id, id: tenant.id })
    await deps.raiseGates(tx, [workspace.id])
    return { resource: { kind: 'tenant', id: tenant.id, label: tenant.name }, before: snapshotOf(tenant), result: undefined }
  })
}
