import { build } from '@freehold/db'
import { sql } from 'kysely'

/** All of these work under the user's own scope. */
export function findTotp(userId: string) {
  return build.selectFrom('hub.totp').select(['sealed', 'last_step', 'created_at']).where('user_id', '=', userId)
}

/** Touches no row where the user has one already. */
export function insertTotp(totp: { userId: string; sealed: Buffer; lastStep: number; at: Date }) {
  return build
    .insertInto('hub.totp')
    .values({ user_id: totp.userId, sealed: totp.sealed, last_step: totp.lastStep, created_at: totp.at })
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
