import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { raiseGates } from '../gates/index.ts'
import { revokeCredential } from './credential-queries.ts'
import type { VerbDeps } from './deps.ts'
import { sessionResource } from './new-session.ts'
import { clearSessionCookie } from './session-cookie.ts'

export async function revokeMySession(ctx: RequestContext, deps: VerbDeps, { params }: InputOf<'revokeMySession'>): Promise<void> {
  await endSession(ctx, deps, params.session_id)
}

/** Ends one of the caller's sessions, and makes the browser forget it if it is the one that asks. */
export async function endSession(ctx: RequestContext, deps: VerbDeps, sessionId: string): Promise<void> {
  const userId = ctx.principal.id
  await ctx.mutate('session.revoke', { type: 'user', id: userId }, async (tx) => {
    const [ended] = await tx.rows(revokeCredential(userId, 'session', sessionId, ctx.clock.now()))
    if (!ended) throw new AppError('not_found', 'No such session.')
    await raiseGates(tx, [userId])
    return { resource: sessionResource({ id: ended.id, userAgent: ended.user_agent }), result: undefined }
  })
  if (sessionId === ctx.principal.credential.id && !ctx.dryRun) ctx.setHeader('set-cookie', clearSessionCookie(deps.secureCookies))
}
