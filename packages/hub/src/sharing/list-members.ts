import { type InputOf, labelKey, pageByLabel, type RequestContext, toPage } from '@freehold/authz/request'
import { type Member, workspaceRoles } from '@freehold/contract'
import { findReach, listMemberRows, type MemberRow } from './member-queries.ts'

/** Effective access: everybody who may read the workspace now, with the highest role and all that leads to one. */
export async function listMembers(ctx: RequestContext, { query }: InputOf<'listMembers'>) {
  const workspace = ctx.granted('workspace', 'read')
  const { limit, after } = pageByLabel(query)
  const reach = { workspaceId: workspace.id, at: ctx.clock.now(), roles: workspaceRoles }
  const { account_id: accountId, user_ids: userIds } = await findReach(ctx.db, reach)
  const people = ctx.reading({ workspaceId: workspace.id, accountId, proof: { user_ids: userIds } })
  const rows = await listMemberRows(people, reach, { limit, after, q: query.q })
  return toPage(rows, limit, toMember, ({ position, id }) => labelKey({ label: position, id }))
}

function toMember(row: MemberRow): Member {
  return {
    subject_type: 'user',
    subject_id: row.id,
    label: row.name,
    email: row.email,
    role: row.role,
    through: row.through,
    last_active_at: row.last_active_at?.toISOString() ?? null,
  }
}
