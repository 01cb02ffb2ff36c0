import type { Member, WorkspaceRole } from '@freehold/contract'
import type { Db } from '@freehold/db'

export type MemberRow = {
  id: string
  name: string
  email: string | null
  role: WorkspaceRole
  /** In the order in which they are told. */
  through: Member['through']
  last_active_at: Date | null
  /** By which rows are ordered, and which a cursor holds: names are not bounded, and cursors are. */
  position: string
}

/**
 * Who reaches workspace $1 at time $2, by which grant or which role on the account: schema.zed's `workspace`, written as
 * one statement. `rank` is the role's place in $3, highest first. `union` ends where groups go in circles.
 */
const accessText = `
  with recursive held as (
    select case subject_type when 'user' then 'direct' else 'group' end as kind, case subject_type when 'user' then id else subject_id end as via,
      array_position($3::text[], relation) as rank, subject_type, subject_id
    from hub.relationship
    where resource_type = 'workspace' and resource_id = $1 and relation = any ($3) and (expires_at is null or expires_at > $2)
      and (subject_type, subject_relation) in (('user', ''), ('group', 'member'))
    union all
    select 'account', role.resource_id, array_position($3::text[], 'admin'), role.subject_type, role.subject_id
    from hub.relationship parent join hub.relationship role on role.resource_type = 'account' and role.resource_id = parent.subject_id
    where parent.resource_type = 'workspace' and parent.resource_id = $1 and parent.relation = 'account' and parent.subject_type = 'account'
      and role.relation in ('owner', 'admin') and (role.subject_type, role.subject_relation) in (('user', ''), ('group', 'member'))
  ), inside as (
    select kind, via, rank, subject_id as group_id from held where subject_type = 'group'
    union
    select inside.kind, inside.via, inside.rank, nested.subject_id
    from inside join hub.relationship nested on nested.resource_type = 'group' and nested.resource_id = inside.group_id
      and nested.relation = 'member' and nested.subject_type = 'group' and nested.subject_relation = 'member'
  ), access as (
    select kind, via, rank, subject_id as user_id from held where subject_type = 'user'
    union
    select inside.kind, inside.via, inside.rank, person.subject_id
    from inside join hub.relationship person on person.resource_type = 'group' and person.resource_id = inside.group_id
      and person.relation = 'member' and person.subject_type = 'user'
  )`

export type Reach = { workspaceId: string; at: Date; roles: readonly WorkspaceRole[] }
const valuesOf = ({ workspaceId, at, roles }: Reach) => [workspaceId, at, roles]

/** The ids of all who reach the workspace, joined by commas, and the account that it belongs to. Under the workspace's scope. */
export async function findReach(db: Db, reach: Reach): Promise<{ account_id: string; user_ids: string }> {
  const [row] = await db.sql<{ account_id: string; user_ids: string }>({
    name: 'member_ids',
    text: `${accessText}
      select account_id, (select coalesce(string_agg(distinct user_id::text, ','), '') from access) as user_ids from hub.workspace where id = $1`,
    values: valuesOf(reach),
  })
  return row!
}

type Wanted = { limit: number; after: { label: string; id: string } | null; q: string | undefined }

/** A page of them with their names, by name: under the workspace's and its account's scope and the proof `user_ids`. One more than the page, if there is one. */
export function listMemberRows(db: Db, reach: Reach, { limit, after, q }: Wanted): Promise<MemberRow[]> {
  const pattern = q?.trim() ? `%${q.trim().replace(/[\\%_]/g, '\\$&')}%` : null
  return db.sql<MemberRow>({
    name: 'list_members',
    text: `${accessText}, page as (
        select u.id, u.name, u.email, lower(left(u.name, 60)) as position
        from hub.app_user u
        where u.id in (select user_id from access)
          and ($4::text is null or u.name ilike $4 or u.email ilike $4)
          and ($5::text is null or (lower(left(u.name, 60)), u.id) > ($5, $6::uuid))
        order by position, u.id limit $7
      )
      select page.*, ($3::text[])[min(access.rank)] as role, activity.last_active_at,
        json_agg(json_build_object('kind', kind, 'id', via, 'label', coalesce(way.name, payer.name, ($3::text[])[rank]))
          order by kind = 'direct' desc, kind = 'group' desc, rank, way.name, via) as through
      from page join access on access.user_id = page.id
        left join hub.user_group way on kind = 'group' and way.id = via
        left join hub.account payer on kind = 'account' and payer.id = via
        left join hub.member_activity activity on activity.workspace_id = $1 and activity.user_id = page.id
      group by page.id, page.name, page.email, page.position, activity.last_active_at
      order by page.position, page.id`,
    values: [...valuesOf(reach), pattern, after?.label ?? null, after?.id ?? null, limit + 1],
  })
}
