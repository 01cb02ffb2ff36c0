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
    last_used_ip: row.last_ip,
    allowed_ips: row.allowed_ips,
    allowed_origins: row.allowed_origins,
    environments: row.environments,
    replaces: row.replaces_id,
    expires_at: row.expires_at?.toISOString() ?? null,
  }
}
