import type { AnyRoute } from '@freehold/contract'
import { expectStatus } from './request.ts'
import type { Tenant } from './tenant.ts'
import type { TestServer } from './test-server.ts'

/** What goes through in an archived workspace alone. */
export function needsArchived({ operationId }: AnyRoute): boolean {
  return operationId === 'restoreWorkspace' || operationId === 'restoreOrgWorkspace'
}

/** Puts the tenant's workspace into the status in which the route goes through. */
export async function fitStatus(server: TestServer, tenant: Tenant, route: AnyRoute): Promise<void> {
  if (needsArchived(route)) expectStatus(await server.as(tenant.owner)('POST', `/v1/workspaces/${tenant.workspace.id}/archive`), 200)
}

/** Restores and unfreezes it, where it is archived or frozen. */
export async function makeActive(server: TestServer, { owner, workspace }: Tenant): Promise<void> {
  const asOwner = server.as(owner)
  const path = `/v1/workspaces/${workspace.id}`
  const { json } = await asOwner('GET', path)
  const { json: now } = json['status'] === 'archived' ? await asOwner('POST', `${path}/restore`) : { json }
  if (now['status'] === 'frozen') expectStatus(await asOwner('PATCH', `${path}/status`, { status: 'active' }), 200)
}
