import { build } from '@freehold/db'
import { sql } from 'kysely'

/** All of these work under the user's own scope. */
export function findTotp(userId: string) {
  return build.selectFrom('hub.totp').select(['sealed', 'root_version', 'last_step', 'created_at']).where('user_id', '=', userId)
}

/** Touches no row where the user has one already. */
export function insertTotp(totp: { userId: string; sealed: Buffer; rootVersion: number; lastStep: number; at: Date }) {
  return build
    .insertInto('hub.totp')
    .values({ user_id: totp.userId, sealed: totp.sealed, root_version: totp.rootVersion, last_step: totp.lastStep, created_at: totp.at })
    .onConflict((conflict) => conflict.column('user_id').doNothing())
}

export function deleteTotp(userId: string) {
  return build.deleteFrom('hub.totp').where('user_id', '=', userId)
}

/** Touches no row where that step, or a later one, has been taken: of two that bring one code, the second waits here and gets nothing. */
export function updateLastStep(userId: string, step: number) {
  return build.updateTable('hub.totp').set({ last_step: step }).where('user_id', '=', userId).where('last_step', '<', String(step))
}

export function countRecoveryCodes(userId: string) {
  return build
    .selectFrom('hub.recovery_code')
    .select(sql<number>`count(*)::int`.as('left'))
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
}

export function findRecoveryCode(userId: string, hash: Buffer) {
  return build
    .selectFrom('hub.recovery_code')
    .select('hash')
    .where('user_id', '=', userId)
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
}

export function insertRecoveryCodes(userId: string, hashes: readonly Buffer[]) {
  return build.insertInto('hub.recovery_code').values(hashes.map((hash) => ({ user_id: userId, hash })))
}

/** Touches no row where the code has been used, or made void. */
export function updateUsedRecoveryCode(userId: string, hash: Buffer, at: Date) {
  return build
    .updateTable('hub.recovery_code')
    .set({ used_at: at })
    .where('user_id', '=', userId)
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
}

export function deleteRecoveryCodes(userId: string) {
  return build.deleteFrom('hub.recovery_code').where('user_id', '=', userId)
}

/** Touches no row where the app has been replaced meanwhile. */
export function updateSealedTotp(totp: { userId: string; sealed: Buffer; rootVersion: number }, before: Buffer) {
  return build
    .updateTable('hub.totp')
    .set({ sealed: totp.sealed, root_version: totp.rootVersion })
    .where('user_id', '=', totp.userId)
    .where('sealed', '=', before)
}

/** Secrets of any user under older root keys. For the tables' owner. */
export function listUnderOlderRoot(rootVersion: number, limit: number) {
  return {
    name: 'totp_list_under_older',
    text: 'select user_id, sealed, root_version from hub.totp where root_version < $1 order by root_version, user_id limit $2',
    values: [rootVersion, limit],
  }
}

/** How many secrets are under which root key. For the tables' owner. */
export const countByRoot = {
  name: 'totp_count_by_root',
  text: 'select root_version, count(*)::int as count from hub.totp group by root_version',
  values: [],
}
