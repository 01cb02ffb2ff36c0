import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { hasTotp, type RightCode, spendCode } from '../second-factor/index.ts'
import type { VerbDeps } from './deps.ts'
import { normalizeEmail } from './email.ts'
import { openSession } from './open-session.ts'
import { verifyPassword } from './password.ts'
import { proveCode } from './prove-code.ts'
import { passwordCounters } from './throttle.ts'
import { findUserByEmail, findUserForShare } from './user-queries.ts'

/**
 * An unknown e-mail, a user without a password and a wrong password cost the same work and get the same answer. Only a
 * right password learns that a second factor is needed: it is, where an authenticator app is set up. A passkey does not
 * make the password weaker or stronger; it signs in by itself.
 */
export async function signIn(ctx: RequestContext, deps: VerbDeps, { body }: InputOf<'signIn'>) {
  const email = normalizeEmail(body.email)
  const counters = passwordCounters(email, ctx.ip)
  await deps.throttle.begin(counters)

  const user = await deps.reads.under({ proof: { email } }).first(findUserByEmail(email))
  const isProven = await verifyPassword(user?.password_hash, body.password)
  if (!user || !isProven) throw wrongPassword()
  await deps.throttle.succeed(counters)

  const right = await proveSecondFactor(ctx, deps, user.id, body.code)
  return openSession(ctx, deps, {
    userId: user.id,
    name: user.name,
    methods: right ? ['password', right.method] : ['password'],
    async within(tx, at) {
      // A password change, or a new second factor, ends all other sessions; one proved by what was before must not be
      // born behind its back.
      const current = await tx.first(findUserForShare(user.id))
      if (current?.password_hash !== user.password_hash) throw wrongPassword()
      await requireSecondFactor(tx, user.id, right, at)
    },
  })
}

async function proveSecondFactor(ctx: RequestContext, deps: VerbDeps, userId: string, code: string | undefined): Promise<RightCode | null> {
  if (!(await hasTotp(deps.reads.under({ principalId: userId }), userId))) return null
  if (code === undefined || code === '') throw secondFactorRequired()
  return proveCode(ctx, deps, { userId, code, wrong: wrongCode })
}

async function requireSecondFactor(tx: Tx, userId: string, right: RightCode | null, at: Date): Promise<void> {
  if (right === null) {
    if (await hasTotp(tx, userId)) throw secondFactorRequired()
  } else if (!(await spendCode(tx, userId, right, at))) throw wrongCode()
}

function wrongPassword(): AppError {
  return new AppError('unauthenticated', 'The e-mail or the password is wrong. Check both and try again.')
}

function secondFactorRequired(): AppError {
  return new AppError('second_factor_required', 'Send the code that your authenticator app shows, or a recovery code, as `code` beside.', {
    members: { methods: ['totp', 'recovery_code'] },
  })
}

function wrongCode(): AppError {
  return new AppError('unauthenticated', 'The code is wrong or was used before. Wait for the next one, or use a recovery code.')
}
