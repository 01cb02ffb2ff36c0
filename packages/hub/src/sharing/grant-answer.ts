import type { RequestContext } from '@freehold/authz/request'
import type { Grant } from '@freehold/contract'
import type { Db } from '@freehold/db'
import { listGroupNames } from '../groups/index.ts'
import { namesOfPeople } from '../identity/index.ts'
import type { GrantRow } from './queries.ts'

export function toGrant({ id, subject, role, expiresAt, createdAt, createdBy }: GrantRow, label: string): Grant {
  return {
    id,
    subject_type: subject.type,
    subject_id: subject.id,
    label,
    role,
    expires_at: expiresAt?.toISOString() ?? null,
    created_at: createdAt.toISOString(),
    created_by: createdBy,
  }
}

/** Grants as they are answered, with the names of whom they are for. `db` reads under the workspace's scope. */
export async function toGrants(ctx: RequestContext, db: Db, rows: readonly GrantRow[]): Promise<Grant[]> {
  const idsOf = (type: string) => rows.filter(({ subject }) => subject.type === type).map(({ subject }) => subject.id)
  const [groups, people] = [await listGroupNames(db, idsOf('group')), await namesOfPeople(ctx, idsOf('user'))]
  return rows.map((row) => toGrant(row, groups.get(row.subject.id) ?? people.get(row.subject.id) ?? row.subject.id))
}
