import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { syncClaimedMemberships } from '../groups/index.ts'
import { findSessionUser, openSession, proofCounters } from '../identity/index.ts'
import type { SignInVerbDeps } from './deps.ts'
import type { OidcClient, OidcStarted } from './oidc-client.ts'
import { startAgain } from './oidc-faults.ts'
import { toOidcPerson } from './oidc-person.ts'
import { findOidcUser } from './oidc-user.ts'
import { spendTicket, ticketLifetimeSeconds } from './tickets.ts'

const nobody = ''

/**
 * The browser takes state, nonce and verifier along in a sealed cookie that scripts cannot read. Who brings an answer of
 * the provider without the cookie that it belongs to did not begin: nobody can be signed in as somebody else that way.
 */
export async function startOidc(ctx: RequestContext, deps: SignInVerbDeps) {
  const { url, started } = await requireOidc(deps).begin(deps.redirectUri())
  const ticket = deps.tickets.issue('oidc sign-in', nobody, started, ctx.clock.now())
  const secure = deps.secureCookies ? '; Secure' : ''
  ctx.setHeader(
    'set-cookie',
    `${cookieName(deps.secureCookies)}=${ticket}; Path=/; Max-Age=${ticketLifetimeSeconds}; HttpOnly; SameSite=Lax${secure}`,
  )
  return { authorization_url: url }
}

export async function completeOidc(ctx: RequestContext, deps: SignInVerbDeps, { body }: InputOf<'completeOidc'>) {
  const oidc = requireOidc(deps)
  const ticket = ctx.cookie(cookieName(deps.secureCookies)) ?? ''
  const started = (await deps.tickets.open('oidc sign-in', nobody, ticket, ctx.clock.now())) as OidcStarted | null
  if (!started) throw startAgain()
  // The provider is asked on behalf of whoever calls, so calls are counted.
  const counters = proofCounters(ctx.ip)
  await deps.throttle.begin(counters)
  const claims = await oidc.redeem(deps.redirectUri(), body.callback_url, started)
  await deps.throttle.succeed(counters)

  const person = toOidcPerson(claims, oidc.config.groupsClaim)
  const user = await findOidcUser(deps.reads, person, await findSessionUser(ctx, deps))
  return openSession(ctx, deps, {
    userId: user.id,
    name: user.name,
    methods: person.methods,
    async within(tx, at) {
      if (!(await spendTicket(tx, ticket, at))) throw startAgain()
      await user.settle(tx, at)
      await syncClaimedMemberships(tx, { userId: user.id, claimValues: person.groups, now: at })
    },
    after: { issuer: person.issuer, user: user.how },
  })
}

function requireOidc({ oidc }: SignInVerbDeps): OidcClient {
  if (oidc) return oidc
  throw new AppError(
    'not_found',
    'Single sign-on is not configured. The operator sets FREEHOLD_OIDC_ISSUER, FREEHOLD_OIDC_CLIENT_ID and FREEHOLD_OIDC_CLIENT_SECRET.',
  )
}

/** As that of the session: with `__Host-` no sibling host can plant one. */
function cookieName(secure: boolean): string {
  return secure ? '__Host-freehold_oidc' : 'freehold_oidc'
}
