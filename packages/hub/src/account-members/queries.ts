import type { Relationship } from '@freehold/authz'
import { type AccountRole, accountRoles } from '@freehold/contract'
import { build, type Db, type Tx } from '@freehold/db'
import { sql } from 'kysely'

/** A person's role on an account, and since when. */
export type Standing = { userId: string; role: AccountRole; since: Date }

/** The people who hold a role on the account. Of several roles of one person the highest counts. */
export async function listStandings(db: Db, accountId: string): Promise<Map<string, Standing>> {
  return highestByPerson(await db.rows(roleTuples(accountId)))
}

export async function findStanding(db: Db, accountId: string, userId: string): Promise<Standing | undefined> {
  return highestByPerson(await db.rows(roleTuples(accountId).where('subject_id', '=', userId))).get(userId)
}

export async function findRoleTuples(tx: Tx, accountId: string, userId: string): Promise<Relationship[]> {
  const rows = await tx.rows(roleTuples(accountId).where('subject_id', '=', userId))
  return rows.map(({ relation }) => ({
    resource: { type: 'account', id: accountId },
    relation,
    subject: { type: 'user', id: userId },
    expiresAt: null,
  }))
}

export async function countOwners(tx: Tx, accountId: string): Promise<number> {
  return (await tx.rows(roleTuples(accountId).where('relation', '=', 'owner'))).length
}

function roleTuples(accountId: string) {
  return build
    .selectFrom('hub.relationship')
    .select(['subject_id', 'relation', 'created_at'])
    .where('resource_type', '=', 'account')
    .where('resource_id', '=', accountId)
    .where('relation', 'in', accountRoles)
    .where('subject_type', '=', 'user')
}

function highestByPerson(rows: { subject_id: string; relation: string; created_at: Date }[]): Map<string, Standing> {
  const rank = (role: string) => accountRoles.indexOf(role as AccountRole)
  const lowestFirst = rows.toSorted((one, other) => rank(other.relation) - rank(one.relation))
  return new Map(
    lowestFirst.map((row) => [row.subject_id, { userId: row.subject_id, role: row.relation as AccountRole, since: row.created_at }]),
  )
}

// What a cursor has room for. Who shares the first 30 characters of a name is in the order of ids.
const label = sql<string>`left(lower(name), 30)`

/** By name, then by id. Under the proof `user_ids`. */
export function listPeople(db: Db, ids: readonly string[], page: { limit: number; after: { label: string; id: string } | null }) {
  let query = build
    .selectFrom('hub.app_user')
    .select(['id', 'name', 'email', label.as('label')])
    .where(sql<boolean>`id = any(${ids})`)
    .orderBy(label)
    .orderBy('id')
    .limit(page.limit + 1)
  if (page.after) query = query.where(sql<boolean>`(${label}, id) > (${page.after.label}, ${page.after.id}::uuid)`)
  return db.rows(query)
}
