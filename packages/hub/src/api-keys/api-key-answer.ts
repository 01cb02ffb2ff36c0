import type { ApiKey } from '@freehold/contract'
import type { ApiKeyRow } from './queries.ts'

export function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    role: row.role!,
    scopes: row.scopes,
    prefix: row.hint,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    expires_at: row.expires_at?.toISOString() ?? null,
  }
}
