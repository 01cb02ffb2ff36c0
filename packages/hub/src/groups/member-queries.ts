import type { Relationship } from '@freehold/authz'
import { accountRoles } from '@freehold/contract'
import { build, type Db, type Tables, type Tx } from '@freehold/db'
import { type Selectable, sql } from 'kysely'

const key = ['resource_type', 'resource_id', 'relation', 'subject_type', 'subject_id', 'subject_relation'] as const

type KeyRow = Pick<Selectable<Tables['hub.relationship']>, (typeof key)[number]>
export type MemberRow = Awaited<ReturnType<typeof listMemberRows>>[number]
/** A group directly inside another. */
export type Nesting = { parentId: string; childId: string }

const membersOf = (groupId: string) =>
  build
    .selectFrom('hub.relationship')
    .where('resource_type', '=', 'group')
    .where('resource_id', '=', groupId)
    .where('relation', '=', 'member')

/** People and groups directly in a group, the newest first. One more than the page, if there is one. */
export function listMemberRows(db: Db, groupId: string, page: { limit: number; after: string | null }) {
  let query = membersOf(groupId)
    .select(['id', 'subject_type', 'subject_id', 'source', 'created_at'])
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return db.rows(query)
}

export async function findMemberSource(tx: Tx, groupId: string, userId: string): Promise<'direct' | 'claim' | undefined> {
  const row = await tx.first(membersOf(groupId).select('source').where('subject_type', '=', 'user').where('subject_id', '=', userId))
  return row?.source
}

/** The tuples that put people into a group by what their identity provider says. */
export async function listClaimedMembers(tx: Tx, groupId: string): Promise<Relationship[]> {
  const rows = await tx.rows(membersOf(groupId).select(key).where('source', '=', 'claim'))
  return rows.map(toRelationship)
}

/** The tuples that put a person directly into groups of the account. */
export async function findMemberships(tx: Tx, accountId: string, userId: string): Promise<Relationship[]> {
  const rows = await tx.rows(
    build
      .selectFrom('hub.relationship')
      .innerJoin('hub.user_group', 'hub.user_group.id', 'resource_id')
      .select(key)
      .where('account_id', '=', accountId)
      .where('resource_type', '=', 'group')
      .where('relation', '=', 'member')
      .where('subject_type', '=', 'user')
      .where('subject_id', '=', userId),
  )
  return rows.map(toRelationship)
}

/** Which group of the account is in which. */
export async function listNestings(tx: Tx, accountId: string): Promise<Nesting[]> {
  const rows = await tx.rows(
    build
      .selectFrom('hub.relationship')
      .innerJoin('hub.user_group', 'hub.user_group.id', 'resource_id')
      .select(['resource_id', 'subject_id'])
      .where('account_id', '=', accountId)
      .where('resource_type', '=', 'group')
      .where('relation', '=', 'member')
      .where('subject_type', '=', 'group'),
  )
  return rows.map((row) => ({ parentId: row.resource_id, childId: row.subject_id }))
}

/** Every tuple of a group: who is in it, what it is in, and what it has been granted. Under the proof `object_ids`. */
export async function listTuplesAround(tx: Tx, groupId: string): Promise<Relationship[]> {
  const tuples = build.selectFrom('hub.relationship').select(key)
  const rows = await tx.rows(
    tuples
      .where('resource_type', '=', 'group')
      .where('resource_id', '=', groupId)
      .unionAll(tuples.where('subject_type', '=', 'group').where('subject_id', '=', groupId)),
  )
  return rows.map(toRelationship)
}

/** Whether a person has a role on the account. */
export async function hasAccountRole(tx: Tx, accountId: string, userId: string): Promise<boolean> {
  const row = await tx.first(
    build
      .selectFrom('hub.relationship')
      .select('relation')
      .where('resource_type', '=', 'account')
      .where('resource_id', '=', accountId)
      .where('relation', 'in', accountRoles)
      .where('subject_type', '=', 'user')
      .where('subject_id', '=', userId),
  )
  return row !== undefined
}

/** Under the proof `user_ids`. */
export function listPeople(db: Db, ids: readonly string[]) {
  return db.rows(
    build
      .selectFrom('hub.app_user')
      .select(['id', 'name', 'email'])
      .where(sql<boolean>`id = any(${ids})`),
  )
}

function toRelationship(row: KeyRow): Relationship {
  return {
    resource: { type: row.resource_type, id: row.resource_id },
    relation: row.relation,
    subject: { type: row.subject_type, id: row.subject_id, ...(row.subject_relation && { relation: row.subject_relation }) },
    expiresAt: null,
  }
}
