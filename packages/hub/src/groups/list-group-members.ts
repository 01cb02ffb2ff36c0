import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import type { GroupMember } from '@freehold/contract'
import { requireGroup } from './find-group.ts'
import { listMemberRows, listPeople, type MemberRow } from './member-queries.ts'
import { listGroupNames } from './queries.ts'

export async function listGroupMembers(ctx: RequestContext, { params, query }: InputOf<'listGroupMembers'>) {
  const account = ctx.granted('account', 'read')
  const page = pageById(query)
  const group = await requireGroup(ctx.db, account, params.group_id)
  const rows = await listMemberRows(ctx.db, group.id, page)
  const [people, groups] = await Promise.all([findPeople(ctx, idsOf(rows, 'user')), listGroupNames(ctx.db, idsOf(rows, 'group'))])
  return toPage(
    rows,
    page.limit,
    (row): GroupMember => ({
      subject_type: row.subject_type as GroupMember['subject_type'],
      subject_id: row.subject_id,
      label: people.get(row.subject_id)?.name ?? groups.get(row.subject_id) ?? '',
      email: people.get(row.subject_id)?.email ?? null,
      source: row.source,
      created_at: row.created_at.toISOString(),
    }),
    (row) => row.id,
  )
}

async function findPeople(ctx: RequestContext, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>()
  const people = await listPeople(ctx.reading({ proof: { user_ids: ids.join(',') } }), ids)
  return new Map(people.map((person) => [person.id, person]))
}

function idsOf(rows: readonly MemberRow[], type: GroupMember['subject_type']): string[] {
  return rows.filter((row) => row.subject_type === type).map((row) => row.subject_id)
}
