import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, type SecondFactors } from '@freehold/contract'
import { addSessionMethod, codeCounters, lockUser, revokeCredentials } from '../identity/index.ts'
import { raiseGates } from '../gates/index.ts'
import { enableTotp, hasTotp, matchStep, newTotpSecret, readSecondFactor } from '../second-factor/index.ts'
import type { SignInVerbDeps } from './deps.ts'
import { requireSession, wrongCode, wrongSetup } from './own-session.ts'
import { spendTicket } from './tickets.ts'

export async function getSecondFactors(ctx: RequestContext): Promise<SecondFactors> {
  const { id, secondFactor } = ctx.principal
  const { createdAt, recoveryCodesLeft } = await readSecondFactor(ctx.reading({ principalId: id }), id)
  return {
    totp: createdAt && { created_at: createdAt.toISOString() },
    recovery_codes_left: recoveryCodesLeft,
    accounts_withheld: (await ctx.visible()).withheldAccounts,
    satisfied: secondFactor,
  }
}

export async function startTotp(ctx: RequestContext, deps: SignInVerbDeps) {
  requireSession(ctx.principal)
  const { id, email, label } = ctx.principal
  if (await hasTotp(ctx.reading({ principalId: id }), id)) throw enabledAlready()
  const { secret, otpauthUrl } = newTotpSecret(email ?? label)
  return { secret, otpauth_url: otpauthUrl, setup: deps.tickets.issue('totp setup', id, { secret }, ctx.clock.now()) }
}

/** The session that brings the first code is proved by it; all others are not, so they end. */
export async function confirmTotp(ctx: RequestContext, deps: SignInVerbDeps, { body }: InputOf<'confirmTotp'>) {
  requireSession(ctx.principal)
  const { id: userId, label, credential } = ctx.principal
  const offered = await deps.tickets.open('totp setup', userId, body.setup, ctx.clock.now())
  if (!offered) throw wrongSetup()
  const secret = offered['secret']!
  const step = await proveFirstCode(ctx, deps, { secret, code: body.code })

  return ctx.mutate('totp.enable', { type: 'user', id: userId }, async (tx) => {
    const at = ctx.clock.now()
    // Waits for sign-ins that are under way, so that their sessions are ended too.
    await tx.run(lockUser(userId))
    const codes = await enableTotp(tx, { roots: deps.roots, userId, secret, step, at })
    if (!codes) throw enabledAlready()
    if (!(await spendTicket(tx, body.setup, at))) throw wrongSetup()
    const ended = await tx.run(revokeCredentials(userId, 'session', at, credential.id))
    await tx.run(addSessionMethod(userId, credential.id, 'totp'))
    await raiseGates(tx, [userId])
    return {
      resource: { kind: 'user', id: userId, label },
      after: { recovery_codes: codes.length, sessions_ended: ended },
      result: { recovery_codes: codes },
    }
  })
}

async function proveFirstCode(ctx: RequestContext, deps: SignInVerbDeps, { secret, code }: { secret: string; code: string }) {
  const counters = codeCounters(ctx.principal.id, ctx.ip)
  await deps.throttle.begin(counters)
  const step = matchStep(secret, code.replaceAll(/\s/g, ''), { now: ctx.clock.now(), afterStep: 0 })
  if (step === null) throw wrongCode()
  await deps.throttle.succeed(counters)
  return step
}

function enabledAlready(): AppError {
  return new AppError('invalid_state', 'An authenticator app is set up already. Turn it off first, with a code of it or a recovery code.')
}
