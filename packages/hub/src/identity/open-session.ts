import type { RequestContext } from '@freehold/authz/request'
import type { Tx } from '@freehold/db'
import { insertUserCredential } from './credential-queries.ts'
import type { IdentityDeps } from './deps.ts'
import { newSession, sendSession, sessionResource } from './new-session.ts'

type Proved = {
  userId: string
  name: string
  /** How the person has proved who they are. */
  methods: readonly string[]
  /** What must still hold, or is used up, in the session's own transaction: throws where it does not. */
  within(tx: Tx, at: Date): Promise<void>
  /** What the audit event tells beside. */
  after?: Record<string, unknown>
}

/** Signs somebody in: stores the session and hands it to the browser. */
export async function openSession(ctx: RequestContext, deps: IdentityDeps, proved: Proved) {
  const { userId, name, methods } = proved
  const session = newSession(ctx, userId, methods)
  await ctx.mutate(
    'session.create',
    { type: 'user', id: userId },
    async (tx) => {
      await proved.within(tx, session.createdAt)
      await tx.run(insertUserCredential(session))
      return {
        resource: sessionResource({ id: session.token.id, userAgent: ctx.userAgent }),
        after: { expires_at: session.expiresAt.toISOString(), methods, ...proved.after },
        result: undefined,
      }
    },
    { actor: { kind: 'user', id: userId, label: name } },
  )
  sendSession(ctx, session, deps.secureCookies)
  return { user_id: userId, expires_at: session.expiresAt.toISOString() }
}
