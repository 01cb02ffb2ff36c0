import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { insertUserCredential } from './credential-queries.ts'
import type { VerbDeps } from './deps.ts'
import { normalizeEmail } from './email.ts'
import { newSession, sendSession, sessionResource } from './new-session.ts'
import { verifyPassword } from './password.ts'
import { passwordCounters } from './throttle.ts'
import { findUserByEmail, findUserForShare } from './user-queries.ts'

/** An unknown e-mail, a user without a password and a wrong password cost the same work and get the same answer. */
export async function signIn(ctx: RequestContext, deps: VerbDeps, { body }: InputOf<'signIn'>) {
  const email = normalizeEmail(body.email)
  const counters = passwordCounters(email, ctx.ip)
  await deps.throttle.begin(counters)

  const user = await deps.reads.under({ proof: { email } }).first(findUserByEmail(email))
  const isProven = await verifyPassword(user?.password_hash, body.password)
  if (!user || !isProven) throw wrongPassword()
  await deps.throttle.succeed(counters)

  const session = newSession(ctx, user.id)
  await ctx.mutate(
    'session.create',
    { type: 'user', id: user.id },
    async (tx) => {
      // A password change ends all sessions; one proved by the old password must not be born behind its back.
      const current = await tx.first(findUserForShare(user.id))
      if (current?.password_hash !== user.password_hash) throw wrongPassword()
      await tx.run(insertUserCredential(session))
      return {
        resource: sessionResource({ id: session.token.id, userAgent: ctx.userAgent }),
        after: { expires_at: session.expiresAt.toISOString() },
        result: undefined,
      }
    },
    { actor: { kind: 'user', id: user.id, label: user.name } },
  )
  sendSession(ctx, session, deps.secureCookies)
  return { user_id: user.id, expires_at: session.expiresAt.toISOString() }
}

function wrongPassword(): AppError {
  return new AppError('unauthenticated', 'The e-mail or the password is wrong. Check both and try again.')
}
