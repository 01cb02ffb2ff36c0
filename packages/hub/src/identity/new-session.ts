import type { RequestContext } from '@freehold/authz/request'
import { mintToken } from '@freehold/kit'
import type { NewUserCredential } from './credential-queries.ts'
import { writeSessionCookie } from './session-cookie.ts'

const lifetimeSeconds = 14 * 86_400
const storedUserAgentLength = 300
const labelLength = 60

export type NewSession = NewUserCredential & { expiresAt: Date }

/** A session of two weeks from where the request came, proved by `methods`. It is stored with `insertUserCredential`. */
export function newSession(ctx: RequestContext, userId: string, methods: readonly string[]): NewSession {
  const createdAt = ctx.clock.now()
  return {
    kind: 'session',
    token: mintToken('fhs'),
    userId,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + lifetimeSeconds * 1000),
    userAgent: ctx.userAgent.slice(0, storedUserAgentLength),
    methods,
    ip: ctx.ip,
  }
}

/** Hands the session to the browser. A dry run has stored none, so it sets none. */
export function sendSession(ctx: RequestContext, session: NewSession, secure: boolean): void {
  if (!ctx.dryRun) ctx.setHeader('set-cookie', writeSessionCookie(session.token.plaintext, lifetimeSeconds, secure))
}

/** A session as audit events name it. */
export function sessionResource(session: { id: string; userAgent: string }) {
  return { kind: 'session', id: session.id, label: session.userAgent.slice(0, labelLength) || 'Unknown device' }
}
