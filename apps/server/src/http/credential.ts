import { AppError } from '@freehold/contract'
import type { FastifyRequest } from 'fastify'

export const sessionCookies = ['__Host-freehold_session', 'freehold_session'] as const

export type Presented = { token: string; by: 'header' | 'cookie' }

/** What the request authenticates with: a bearer token, else the session cookie; null when it brings neither. */
export function presentedCredential(request: FastifyRequest): Presented | null {
  const header = request.headers.authorization
  if (header !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1]
    return { token: token ?? '', by: 'header' }
  }
  const cookie = sessionCookies.map((name) => request.cookies[name]).find((value) => value !== undefined)
  return cookie === undefined ? null : { token: cookie, by: 'cookie' }
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A browser sends the cookie along with whatever page asks, so a change by cookie must come from our own pages:
 * `Sec-Fetch-Site`, or an `Origin` that is this host's. A request that tells neither is refused.
 */
export function refuseForeignOrigin(request: FastifyRequest, publicOrigin: string | null): void {
  if (safeMethods.has(request.method)) return
  const { 'sec-fetch-site': site, origin, host } = request.headers
  if (site === 'same-origin') return
  if (typeof origin === 'string' && (origin === publicOrigin || hostOf(origin) === host)) return
  throw new AppError(
    'forbidden',
    'A change by session cookie must come from the portal itself (`Origin` of this host). Elsewhere, use a personal access token.',
    {
      members: { permission: 'same-origin' },
    },
  )
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}
