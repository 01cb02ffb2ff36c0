import type { Tenant } from '@freehold/contract'
import type { TenantRow } from './queries.ts'

export function toTenant(row: TenantRow): Tenant {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    fields: row.fields,
    status: statusOf(row),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    disabled_at: row.disabled_at?.toISOString() ?? null,
  }
}

/** A tenant as audit events show it. Of the fields only the names: their values are the customer's, and a chain is never edited. */
export function snapshotOf(row: TenantRow): Record<string, unknown> {
  return { tenant_key: row.key, name: row.name, status: statusOf(row), fields: Object.keys(row.fields) }
}

function statusOf({ disabled_at }: TenantRow): Tenant['status'] {
  return disabled_at === null ? 'active' : 'disabled'
}
