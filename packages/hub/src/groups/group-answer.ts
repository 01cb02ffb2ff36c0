import type { Group } from '@freehold/contract'
import type { GroupRow } from './queries.ts'

export function toGroup(row: GroupRow): Group {
  return {
    id: row.id,
    account_id: row.account_id,
    name: row.name,
    description: row.description,
    claim_value: row.claim_value,
    members: Number(row.members),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

/** What an audit event keeps of a group. */
export function groupSnapshot({ name, description, claim_value }: Pick<GroupRow, 'name' | 'description' | 'claim_value'>) {
  return { name, description, claim_value }
}

/** How an audit event names a group. */
export function groupReference({ id, name }: Pick<GroupRow, 'id' | 'name'>): { kind: string; id: string; label: string } {
  return { kind: 'group', id, label: name }
}
