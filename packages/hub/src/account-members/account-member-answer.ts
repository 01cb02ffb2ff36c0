import type { AccountMember } from '@freehold/contract'
import type { Person } from '../identity/index.ts'
import type { Standing } from './queries.ts'

export function toAccountMember(person: Person, { role, since }: Pick<Standing, 'role' | 'since'>): AccountMember {
  return { user_id: person.id, label: person.name, email: person.email, role, created_at: since.toISOString() }
}

/** How an audit event names a member. */
export function memberReference(person: Person): { kind: string; id: string; label: string } {
  return { kind: 'account_member', id: person.id, label: person.name }
}
