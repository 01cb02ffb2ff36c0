import { build, type Db, type Tables, type Tx } from '@freehold/db'
import type { Selectable } from 'kysely'

const columns = ['id', 'key', 'name', 'fields', 'disabled_at', 'created_at', 'updated_at'] as const
export type TenantRow = Pick<Selectable<Tables['instance.tenant']>, (typeof columns)[number]>
export type TenantFilter = { q?: string | undefined; status?: 'active' | 'disabled' | undefined }

function tenants(workspaceId: string) {
  return build.selectFrom('instance.tenant').select(columns).where('workspace_id', '=', workspaceId)
}

/** Newest first, one row more than the page. */
export function listTenants(db: Db, workspaceId: string, page: { limit: number; after: string | null }, { q, status }: TenantFilter) {
  let query = tenants(workspaceId)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (status !== undefined) query = query.where('disabled_at', status === 'active' ? 'is' : 'is not', null)
  const wanted = q?.trim()
  if (wanted) {
    const pattern = `%${wanted.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) => eb.or([eb('name', 'ilike', pattern), eb('key', 'ilike', pattern)]))
  }
  return db.rows(query)
}

export function findTenant(db: Db, workspaceId: string, key: string): Promise<TenantRow | undefined> {
  return db.first(tenants(workspaceId).where('key', '=', key))
}

/** Holds the row until the transaction ends, so that nothing is made for the tenant meanwhile. */
export function lockTenant(tx: Tx, workspaceId: string, key: string): Promise<TenantRow | undefined> {
  return tx.first(tenants(workspaceId).where('key', '=', key).forUpdate())
}

export type NewTenant = { workspaceId: string; id: string; key: string; name: string; fields: Record<string, unknown>; now: Date }

/** Undefined where there is one of this key. */
export function insertTenant(tx: Tx, { workspaceId, id, key, name, fields, now }: NewTenant): Promise<TenantRow | undefined> {
  return tx.first(
    build
      .insertInto('instance.tenant')
      .values({ workspace_id: workspaceId, id, key, name, fields: JSON.stringify(fields), created_at: now, updated_at: now })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'key']).doNothing())
      .returning(columns),
  )
}

export type TenantPatch = {
  name?: string | undefined
  fields?: Record<string, unknown> | undefined
  disabledAt?: Date | null | undefined
}

export function updateTenant(tx: Tx, tenant: { workspaceId: string; id: string }, { name, fields, disabledAt }: TenantPatch, now: Date) {
  return tx.first(
    build
      .updateTable('instance.tenant')
      .set({
        ...(name !== undefined && { name }),
        ...(fields !== undefined && { fields: JSON.stringify(fields) }),
        ...(disabledAt !== undefined && { disabled_at: disabledAt }),
        updated_at: now,
      })
      .where('workspace_id', '=', tenant.workspaceId)
      .where('id', '=', tenant.id)
      .returning(columns),
  )
}

/** Removes a tenant with all that is its own. */
export async function deleteTenant(tx: Tx, { workspaceId, id }: { workspaceId: string; id: string }): Promise<void> {
  await tx.run(build.deleteFrom('instance.session').where('workspace_id', '=', workspaceId).where('tenant_id', '=', id))
  await tx.run(build.deleteFrom('instance.tenant').where('workspace_id', '=', workspaceId).where('id', '=', id))
}
