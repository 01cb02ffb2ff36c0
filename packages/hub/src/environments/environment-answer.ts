import type { Environment } from '@freehold/contract'
import type { EnvironmentRow } from './queries.ts'

export function toEnvironment(row: EnvironmentRow): Environment {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    status: row.status,
    protected: row.protected,
    created_at: row.created_at.toISOString(),
  }
}
