import type { Db, Tx } from '@freehold/db'
import type { RootKeys } from '../root-keys/index.ts'
import {
  countRecoveryCodes,
  deleteRecoveryCodes,
  deleteTotp,
  findRecoveryCode,
  findTotp,
  insertRecoveryCodes,
  insertTotp,
  updateLastStep,
  updateUsedRecoveryCode,
} from './queries.ts'
import { hashRecoveryCode, mintRecoveryCodes } from './recovery-codes.ts'
import { matchStep, sealTotpSecret, unsealTotpSecret } from './totp-secret.ts'

/** A code that was right when it was judged. Only what `spendCode` takes counts: it works once. */
export type RightCode = { method: 'totp'; step: number } | { method: 'recovery_code'; hash: Buffer }

/** Whether the user's password needs a second factor beside it. */
export async function hasTotp(db: Db, userId: string): Promise<boolean> {
  return (await db.first(findTotp(userId))) !== undefined
}

export async function readSecondFactor(db: Db, userId: string): Promise<{ createdAt: Date | null; recoveryCodesLeft: number }> {
  const [totp, codes] = await Promise.all([db.first(findTotp(userId)), db.first(countRecoveryCodes(userId))])
  return { createdAt: totp?.created_at ?? null, recoveryCodesLeft: codes?.left ?? 0 }
}

type Presented = { roots: RootKeys; userId: string; code: string; now: Date }

/** Judges a code of the app or a recovery code, under the user's scope; null for a wrong or used one. Changes nothing. */
export async function judgeCode(db: Db, { roots, userId, code, now }: Presented): Promise<RightCode | null> {
  const totp = await db.first(findTotp(userId))
  if (!totp) return null
  const digits = code.replaceAll(/\s/g, '')
  if (/^\d{6}$/.test(digits)) {
    const secret = unsealTotpSecret(await roots.at(totp.root_version), userId, totp.sealed)
    const step = matchStep(secret, digits, { now, afterStep: Number(totp.last_step) })
    return step === null ? null : { method: 'totp', step }
  }
  const hash = hashRecoveryCode(code)
  return (await db.first(findRecoveryCode(userId, hash))) ? { method: 'recovery_code', hash } : null
}

/** Uses a code up in the transaction that it is for; false when somebody else was first. */
export async function spendCode(tx: Tx, userId: string, right: RightCode, at: Date): Promise<boolean> {
  const spent = right.method === 'totp' ? updateLastStep(userId, right.step) : updateUsedRecoveryCode(userId, right.hash, at)
  return (await tx.run(spent)) === 1
}

/** Stores the app's secret, with fresh recovery codes, which are answered; null where the user has an app already. */
export async function enableTotp(
  tx: Tx,
  totp: { roots: RootKeys; userId: string; secret: string; step: number; at: Date },
): Promise<string[] | null> {
  const { userId, at } = totp
  const root = await totp.roots.sealing(tx)
  const sealed = sealTotpSecret(root, userId, totp.secret)
  if ((await tx.run(insertTotp({ userId, sealed, rootVersion: root.version, lastStep: totp.step, at }))) === 0) return null
  return replaceRecoveryCodes(tx, userId)
}

export async function removeTotp(tx: Tx, userId: string): Promise<void> {
  await tx.run(deleteTotp(userId))
  await tx.run(deleteRecoveryCodes(userId))
}

/** New recovery codes in place of all that there were. */
export async function replaceRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
  const { codes, hashes } = mintRecoveryCodes()
  await tx.run(deleteRecoveryCodes(userId))
  await tx.run(insertRecoveryCodes(userId, hashes))
  return codes
}
