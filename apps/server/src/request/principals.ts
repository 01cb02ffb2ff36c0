import type { Principal } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { ReadPool } from '@freehold/db'
import { findPrincipal, type TokenVerifier } from '@freehold/hub'
import { type Clock, hashToken, parseToken } from '@freehold/kit'
import { BoundedCache } from './bounded-cache.ts'

export type Authenticated = { principal: Principal; expiresAt: Date | null }
export type Principals = {
  authenticate(token: string): Promise<Authenticated>
  forget(token: string): void
}

const cached = 20_000

/**
 * Who a token stands for. The answer is remembered together with the gates that it rests on; whatever is read or
 * written with it compares these first, so a revoked token that is still remembered here opens nothing.
 */
export function createPrincipals(reads: ReadPool, clock: Clock, workspaceTokens: TokenVerifier): Principals {
  const known = new BoundedCache<Authenticated>(cached)

  return {
    async authenticate(token) {
      const parsed = parseToken(token)
      const isJwt = parsed === null && looksLikeJwt(token)
      if (!parsed && !isJwt) throw unauthenticated()
      const key = keyOf(token)
      const hit = known.get(key)
      if (hit && isLive(hit, clock)) return hit

      const found = parsed ? await findPrincipal(reads, parsed, clock.now()) : await workspaceTokens.verify(token)
      if (!found || !isLive(found, clock)) {
        known.delete(key)
        throw unauthenticated()
      }
      known.set(key, found)
      return found
    },
    forget(token) {
      known.delete(keyOf(token))
    },
  }
}

const maxJwtLength = 16_384

/** Three parts in base64url. Whether it is worth anything, its verifier says. */
function looksLikeJwt(token: string): boolean {
  return token.length <= maxJwtLength && /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)
}

function keyOf(token: string): string {
  return hashToken(token).toString('latin1')
}

function isLive({ expiresAt }: Authenticated, clock: Clock): boolean {
  return expiresAt === null || expiresAt > clock.now()
}

/** One answer for no credential and for one that is unknown, expired or revoked. */
export function unauthenticated(): AppError {
  return new AppError('unauthenticated', 'Send a valid credential as `Authorization: Bearer …`, or sign in.', {
    headers: { 'www-authenticate': 'Bearer realm="freehold"' },
  })
}
