import { build, type Statement, type Tx } from '@freehold/db'
import { sql } from 'kysely'

/** Groups of all accounts that a claim leads into. Under the proof `claim_values`. */
export async function listClaimedGroups(tx: Tx, claimValues: readonly string[]): Promise<{ groupId: string; accountId: string }[]> {
  const rows = await tx.rows(
    build
      .selectFrom('hub.user_group')
      .select(['id', 'account_id'])
      .where(sql<boolean>`claim_value = any(${claimValues})`),
  )
  return rows.map((row) => ({ groupId: row.id, accountId: row.account_id }))
}

/** The groups that a person is directly in, with what put them there. Under the proof `object_ids`. */
export async function listMembershipSources(tx: Tx, userId: string): Promise<Map<string, 'direct' | 'claim'>> {
  const rows = await tx.rows(
    build
      .selectFrom('hub.relationship')
      .select(['resource_id', 'source'])
      .where('subject_type', '=', 'user')
      .where('subject_id', '=', userId)
      .where('subject_relation', '=', '')
      .where('resource_type', '=', 'group')
      .where('relation', '=', 'member'),
  )
  return new Map(rows.map((row) => [row.resource_id, row.source]))
}

/** The account of each group. Under the proof `object_ids`. */
export async function listAccountsOfGroups(tx: Tx, groupIds: readonly string[]): Promise<{ groupId: string; accountId: string }[]> {
  const rows = await tx.rows(
    build
      .selectFrom('hub.relationship')
      .select(['resource_id', 'subject_id'])
      .where('resource_type', '=', 'group')
      .where(sql<boolean>`resource_id = any(${groupIds})`)
      .where('relation', '=', 'account'),
  )
  return rows.map((row) => ({ groupId: row.resource_id, accountId: row.subject_id }))
}

/** Waits until no writer of the account is in flight, and holds new ones off until the transaction ends. */
export function lockAccount(accountId: string): Statement {
  return {
    name: 'lock_account',
    // The lock that `mutate` takes for changes of an account.
    text: "select pg_advisory_xact_lock(hashtextextended('workspace:' || $1, 0))",
    values: [accountId],
  }
}
