import Type from 'typebox'
import { route } from '../route.ts'
import { Nothing, pageQuery, Strict, Uuid } from '../schemas/fields.ts'
import { Tenant, TenantChange, TenantKey } from '../schemas/tenant.ts'

const params = Strict({ workspace_id: Uuid })
const reading = { permission: 'read', on: 'workspace', id: 'workspace_id' } as const
const administering = { permission: 'administer', on: 'workspace', id: 'workspace_id' } as const

export const tenantRoutes = {
  listTenants: route({
    operationId: 'listTenants',
    summary: "List a workspace's tenants",
    description: 'A tenant appears when a token first names it.',
    tag: 'Tenants',
    method: 'GET',
    path: '/v1/workspaces/:workspace_id/tenants',
    plane: 'instance',
    guard: reading,
    params,
    query: Strict({
      ...pageQuery,
      q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of the name or key' })),
      status: Type.Optional(Type.Enum(['active', 'disabled'])),
    }),
    response: Type.Array(Tenant),
    status: 200,
    list: true,
  }),
  getTenant: route({
    operationId: 'getTenant',
    summary: 'Read a tenant',
    tag: 'Tenants',
    method: 'GET',
    path: '/v1/workspaces/:workspace_id/tenants/:tenant_key',
    plane: 'instance',
    guard: reading,
    params: Strict({ workspace_id: Uuid, tenant_key: TenantKey }),
    response: Tenant,
    status: 200,
  }),
  updateTenant: route({
    operationId: 'updateTenant',
    summary: 'Change, disable or enable a tenant',
    description: 'Tokens of a disabled tenant stop at once.',
    tag: 'Tenants',
    method: 'PATCH',
    path: '/v1/workspaces/:workspace_id/tenants/:tenant_key',
    plane: 'instance',
    guard: administering,
    params: Strict({ workspace_id: Uuid, tenant_key: TenantKey }),
    body: TenantChange,
    response: Tenant,
    status: 200,
    audit: 'tenant.update',
    whenFrozen: 'refuse',
    etagOf: 'getTenant',
  }),
  deleteTenant: route({
    operationId: 'deleteTenant',
    summary: 'Delete a tenant and all its data',
    description: 'A token that names it later makes a new, empty tenant.',
    tag: 'Tenants',
    method: 'DELETE',
    path: '/v1/workspaces/:workspace_id/tenants/:tenant_key',
    plane: 'instance',
    guard: administering,
    params: Strict({ workspace_id: Uuid, tenant_key: TenantKey }),
    response: Nothing,
    status: 204,
    audit: 'tenant.delete',
    whenFrozen: 'refuse',
    etagOf: 'getTenant',
  }),
}
