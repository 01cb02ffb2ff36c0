import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { newId } from '@freehold/kit'
import { createUser, findPersonNamed, hashPassword, insertUserCredential, newSession, sendSession } from '../identity/index.ts'
import type { VerbDeps } from './deps.ts'
import { type Linked, refuseUnlessPending } from './find-invited.ts'
import { redeemInvitation } from './redeem-invitation.ts'

type Body = InputOf<'acceptInvitation'>['body']

/** Makes a user of the invited e-mail, signed in by cookie, together with what they were invited to. */
export async function acceptAsNewUser(ctx: RequestContext, { secureCookies }: VerbDeps, { linked, body }: { linked: Linked; body: Body }) {
  const { email } = linked.invitation
  // Told before a password is asked for and hashed; the transaction looks again.
  refuseUnlessPending(linked.invitation, ctx.clock.now())
  if (await findPersonNamed(ctx, email)) {
    throw new AppError('conflict', `Somebody signs in with ${email} already. Sign in, then accept.`)
  }
  const { name, password } = requireIdentity(body)
  const passwordHash = await hashPassword(password)
  const at = ctx.clock.now()
  const id = newId(at.getTime())
  const session = newSession(ctx, id, ['password'])
  const accepted = await redeemInvitation(ctx, linked, {
    user: { id, name },
    bear: async (tx) => {
      await createUser(tx, { id, name, email, passwordHash, at })
      await tx.run(insertUserCredential(session))
    },
  })
  sendSession(ctx, session, secureCookies)
  return accepted
}

function requireIdentity({ name, password }: Body): { name: string; password: string } {
  if (name !== undefined && password !== undefined) return { name, password }
  const missing = Object.entries({ name, password }).filter(([, value]) => value === undefined)
  throw new AppError('invalid_request', 'Send `name` and `password` to sign up, or sign in first.', {
    errors: missing.map(([field]) => ({ pointer: `/body/${field}`, message: 'is required of whoever is not signed in' })),
  })
}
