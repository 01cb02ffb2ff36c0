import { notBuilt } from '../not-built.ts'

export const tenantHandlers = notBuilt('listTenants', 'getTenant', 'updateTenant', 'deleteTenant')

/** What the hub asks when a token names a tenant. */
export const localTenants = {
  ensure: () => Promise.reject(new Error('not built')),
}
