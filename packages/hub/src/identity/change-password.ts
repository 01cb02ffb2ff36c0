import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { raiseGates } from '../gates/index.ts'
import { revokeCredentials } from './credential-queries.ts'
import type { VerbDeps } from './deps.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { passwordCounters } from './throttle.ts'
import { findPasswordHash, updatePasswordHash } from './user-queries.ts'

/** Ends every session but the caller's own. Tokens stay: they were handed to programs and are revoked one by one. */
export async function changePassword(ctx: RequestContext, deps: VerbDeps, { body }: InputOf<'changePassword'>): Promise<void> {
  const { id: userId, label, credential } = ctx.principal
  const from = await proveCurrentPassword(ctx, deps, body.current_password)
  const to = await hashPassword(body.new_password)

  await ctx.mutate('user.password_change', { type: 'user', id: userId }, async (tx) => {
    const at = ctx.clock.now()
    if ((await tx.run(updatePasswordHash(userId, { from, to, at }))) === 0) throw wrongCurrentPassword()
    // A statement of its own behind the update: it also sees a session whose sign-in the update has waited for.
    const ended = await tx.run(revokeCredentials(userId, 'session', at, credential.kind === 'session' ? credential.id : null))
    await raiseGates(tx, [userId])
    return { resource: { kind: 'user', id: userId, label }, after: { sessions_ended: ended }, result: undefined }
  })
}

/** The stored hash that the password fits. Guesses count together with those of the sign-in. */
async function proveCurrentPassword(ctx: RequestContext, deps: VerbDeps, password: string): Promise<string> {
  const { id, email } = ctx.principal
  const user = await ctx.reading({ principalId: id }).first(findPasswordHash(id))
  if (!user?.password_hash) {
    throw new AppError(
      'invalid_state',
      'You have no password to change. The first operator sets one by the setup link that the server printed; who signs in by an identity provider needs none.',
    )
  }
  const counters = passwordCounters(email ?? id, ctx.ip)
  await deps.throttle.begin(counters)
  if (!(await verifyPassword(user.password_hash, password))) throw wrongCurrentPassword()
  await deps.throttle.succeed(counters)
  return user.password_hash
}

// Not 401: the caller is signed in, and a client that takes a 401 for the end of its session would sign out.
function wrongCurrentPassword(): AppError {
  return new AppError('invalid_request', 'The current password is wrong. Nothing was changed.', {
    errors: [{ pointer: '/body/current_password', message: 'is wrong' }],
  })
}
