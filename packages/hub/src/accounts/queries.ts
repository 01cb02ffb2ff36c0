import { build, type Db, type Tx } from '@freehold/db'

const columns = ['id', 'name', 'slug', 'require_second_factor', 'max_api_key_lifetime_seconds', 'created_at', 'updated_at'] as const

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

export type AccountPatch = {
  name?: string | undefined
  require_second_factor?: boolean | undefined
  max_api_key_lifetime_seconds?: number | null | undefined
}

export async function updateAccountRow(tx: Tx, accountId: string, patch: AccountPatch, now: Date) {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as AccountPatch
  const [row] = await tx.rows(
    build
      .updateTable('hub.account')
      .set({ ...given, updated_at: now })
      .where('id', '=', accountId)
      .returning(columns),
  )
  return row!
}
