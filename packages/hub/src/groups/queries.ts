import { build, type Db, isUniqueViolation, type Tx } from '@freehold/db'

const columns = ['id', 'account_id', 'name', 'description', 'claim_value', 'created_at', 'updated_at'] as const

export type GroupRow = Awaited<ReturnType<typeof listGroups>>[number]
export type NewGroupRow = { id: string; accountId: string; name: string; description: string; claimValue: string | null; now: Date }
export type GroupPatch = { name?: string | undefined; description?: string | undefined; claim_value?: string | null | undefined }

function groupsOf(accountId: string) {
  return build
    .selectFrom('hub.user_group as g')
    .select(columns)
    .select((eb) =>
      eb
        .selectFrom('hub.relationship')
        .select((inner) => inner.fn.countAll<string>().as('count'))
        .where('resource_type', '=', 'group')
        .whereRef('resource_id', '=', 'g.id')
        .where('relation', '=', 'member')
        .where('subject_type', '=', 'user')
        .$asScalar()
        .as('members'),
    )
    .where('account_id', '=', accountId)
}

/** Newest first. One more than the page, if there is one. */
export function listGroups(db: Db, accountId: string, page: { limit: number; after: string | null }) {
  let query = groupsOf(accountId)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return db.rows(query)
}

export function findGroup(db: Db, accountId: string, groupId: string) {
  return db.first(groupsOf(accountId).where('id', '=', groupId))
}

/** Holds off whoever would share something with the group, until this transaction ends. */
export function findGroupForUpdate(tx: Tx, accountId: string, groupId: string) {
  return tx.first(groupsOf(accountId).where('id', '=', groupId).forUpdate('g'))
}

/** Names of groups of the account in scope, by id. */
export async function listGroupNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.rows(build.selectFrom('hub.user_group').select(['id', 'name']).where('id', 'in', ids))
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Answers whether the name was free. */
export async function insertGroup(tx: Tx, group: NewGroupRow): Promise<boolean> {
  const inserted = await tx.run(
    build
      .insertInto('hub.user_group')
      .values({
        id: group.id,
        account_id: group.accountId,
        name: group.name,
        description: group.description,
        claim_value: group.claimValue,
        created_at: group.now,
        updated_at: group.now,
      })
      .onConflict((conflict) => conflict.doNothing()),
  )
  return inserted === 1
}

/** Answers whether the name was free; where it was not, the transaction is over. */
export async function updateGroupRow(tx: Tx, group: { id: string; account_id: string }, patch: GroupPatch, now: Date): Promise<boolean> {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as GroupPatch
  const update = build
    .updateTable('hub.user_group')
    .set({ ...given, updated_at: now })
    .where('account_id', '=', group.account_id)
    .where('id', '=', group.id)
  try {
    await tx.run(update)
    return true
  } catch (error) {
    if (isUniqueViolation(error, 'user_group_by_name')) return false
    throw error
  }
}

export function deleteGroupRow(tx: Tx, accountId: string, groupId: string) {
  return tx.run(build.deleteFrom('hub.user_group').where('account_id', '=', accountId).where('id', '=', groupId))
}
