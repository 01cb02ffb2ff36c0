import type { Account } from '@freehold/contract'
import type { AccountRow } from './queries.ts'

export function toAccount(row: AccountRow, permissions: Iterable<string>): Account {
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    require_second_factor: row.require_second_factor,
    max_api_key_lifetime_seconds: row.max_api_key_lifetime_seconds,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    permissions: [...permissions] as Account['permissions'],
  }
}

/** What an audit event keeps of an account. */
export function accountSnapshot(row: AccountRow): Record<string, unknown> {
  return {
    name: row.name,
    slug: row.slug,
    require_second_factor: row.require_second_factor,
    max_api_key_lifetime_seconds: row.max_api_key_lifetime_seconds,
  }
}
