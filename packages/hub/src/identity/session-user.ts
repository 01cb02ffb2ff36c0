import type { RequestContext } from '@freehold/authz/request'
import { parseToken } from '@freehold/kit'
import { findPrincipal } from './authenticate.ts'
import type { IdentityDeps } from './deps.ts'
import { sessionCookieName } from './session-cookie.ts'

/** On a public route: whom the browser is signed in as; null for nobody. */
export async function findSessionUser(ctx: RequestContext, deps: IdentityDeps): Promise<string | null> {
  const token = parseToken(ctx.cookie(sessionCookieName(deps.secureCookies)) ?? '')
  if (token?.kind !== 'session') return null
  return (await findPrincipal(deps.reads, token, ctx.clock.now()))?.principal.id ?? null
}
