import type { Db, Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { isDeepStrictEqual } from 'node:util'
import { findTenant, insertTenant, lockTenant, type TenantRow, updateTenant } from './queries.ts'

type Named = { id: string; key: string; name: string; fields: Record<string, unknown>; isDisabled: boolean; updatedAt: Date }
type Wanted = { workspaceId: string; key: string; name?: string; fields?: Record<string, unknown>; now: Date }

/** The tenants of an instance in the hub's own process and database. The scope is the workspace. */
export const localTenants = {
  async find(db: Db, { workspaceId, key }: { workspaceId: string; key: string }): Promise<Named | undefined> {
    const row = await findTenant(db, workspaceId, key)
    return row && toNamed(row)
  },

  async ensure(tx: Tx, wanted: Wanted): Promise<{ tenant: Named; change: 'created' | 'updated' | null }> {
    const { workspaceId, key, name, fields, now } = wanted
    const born = await insertTenant(tx, { workspaceId, id: newId(now.getTime()), key, name: name ?? key, fields: fields ?? {}, now })
    if (born) return { tenant: toNamed(born), change: 'created' }
    const row = await lockTenant(tx, workspaceId, key)
    if (!row) throw new Error('a tenant was deleted while it was being named')
    if (row.disabled_at !== null || !differs(row, wanted)) return { tenant: toNamed(row), change: null }
    const updated = await updateTenant(tx, { workspaceId, id: row.id }, { name, fields }, now)
    return { tenant: toNamed(updated!), change: 'updated' }
  },
}

function differs(row: TenantRow, { name, fields }: Wanted): boolean {
  return (name !== undefined && name !== row.name) || (fields !== undefined && !isDeepStrictEqual(fields, row.fields))
}

function toNamed(row: TenantRow): Named {
  return { id: row.id, key: row.key, name: row.name, fields: row.fields, isDisabled: row.disabled_at !== null, updatedAt: row.updated_at }
}
