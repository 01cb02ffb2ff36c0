import { exportOfList, type InputOf, type RequestContext } from '@freehold/authz/request'
import { deleteTenant } from './delete-tenant.ts'
import type { TenantDeps } from './deps.ts'
import { getTenant, listTenants } from './list-tenants.ts'
import { updateTenant } from './update-tenant.ts'

export { localTenants } from './local-tenants.ts'

export const tenantExport = exportOfList('listTenants', listTenants)

export function tenantHandlers(deps: TenantDeps) {
  return {
    listTenants,
    getTenant,
    updateTenant: (ctx: RequestContext, input: InputOf<'updateTenant'>) => updateTenant(ctx, deps, input),
    deleteTenant: (ctx: RequestContext, input: InputOf<'deleteTenant'>) => deleteTenant(ctx, deps, input),
  }
}
