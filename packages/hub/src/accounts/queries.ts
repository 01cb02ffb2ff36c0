import { build, type Db, type Tx } from '@freehold/db'

const columns = ['id', 'name', 'slug', 'created_at', 'updated_at'] as const

export type AccountRow = NonNullable<Awaited<ReturnType<typeof findAccount>>>

/** Newest first, among the ids that the caller may read. */
export function listAccounts(db: Db, ids: readonly string[], page: { limit: number; after: string | null }) {
  let query = build
    .selectFrom('hub.account')
    .select(columns)
    .where('id', 'in', ids)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return db.rows(query)
}

export function findAccount(db: Db, accountId: string) {
  return db.first(build.selectFrom('hub.account').select(columns).where('id', '=', accountId))
}

/** Undefined when the slug is taken. */
export function insertAccount(tx: Tx, account: { id: string; name: string; slug: string; now: Date }) {
  return tx.first(
    build
      .insertInto('hub.account')
      .values({ id: account.id, name: account.name, slug: account.slug, created_at: account.now, updated_at: account.now })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .returning(columns),
  )
}

export async function updateAccountName(tx: Tx, accountId: string, name: string, now: Date) {
  const [row] = await tx.rows(
    build.updateTable('hub.account').set({ name, updated_at: now }).where('id', '=', accountId).returning(columns),
  )
  return row!
}
