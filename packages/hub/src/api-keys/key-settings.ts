import type { InputOf, Principal, RequestContext } from '@freehold/authz/request'
import { AppError, type FieldError, includesScope, knownScopes } from '@freehold/contract'
import { areRangesWithin, isAddressRange } from './addresses.ts'
import { toOrigin } from './origins.ts'
import { listEnvironmentSlugs } from './queries.ts'

/** What a key may do at most, beside its role. An empty list leaves it free. */
export type KeySettings = { scopes: string[]; allowedIps: string[]; allowedOrigins: string[]; environments: string[] }

/** What a new key is asked to be limited to, origins as browsers send them. Throws `invalid_request` with every fault. */
export async function readSettings(ctx: RequestContext, workspaceId: string, body: InputOf<'createApiKey'>['body']): Promise<KeySettings> {
  const { scopes = [], allowed_ips: ips = [], allowed_origins: origins = [], environments = [] } = body
  const slugs = new Set(environments.length > 0 ? await listEnvironmentSlugs(ctx.db, workspaceId) : [])
  const errors = [
    ...faultsOf('scopes', scopes, (scope) => knownScopes.has(scope), 'is not a known scope: `resource:verb`, such as `sessions:read`'),
    ...faultsOf('allowed_ips', ips, isAddressRange, 'is not an IP address or a CIDR range'),
    ...faultsOf('allowed_origins', origins, (origin) => toOrigin(origin) !== null, 'is not an origin: `scheme://host`, or with `:port`'),
    ...faultsOf('environments', environments, (slug) => slugs.has(slug), 'is not the slug of an environment of this workspace'),
  ]
  if (errors.length > 0) {
    throw new AppError('invalid_request', `Mend ${errors.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}.`, { errors })
  }
  return {
    scopes: distinct(scopes),
    allowedIps: distinct(ips),
    allowedOrigins: distinct(origins.map((origin) => toOrigin(origin)!)),
    environments: distinct(environments),
  }
}

/**
 * Throws where a key would make one that may do more than itself. Its role needs no look: only `admin` may make keys, and no
 * key has more.
 */
export function refuseWiderKey({ scopes, limits }: Principal, made: KeySettings): void {
  const within = (held: readonly string[], asked: readonly string[]) => asked.every((each) => held.includes(each))
  const wider = [
    isWider(scopes, made.scopes, (held, asked) => asked.every((scope) => includesScope(held, scope))) && 'scopes',
    isWider(limits.allowedIps, made.allowedIps, areRangesWithin) && 'allowed_ips',
    isWider(limits.allowedOrigins, made.allowedOrigins, within) && 'allowed_origins',
    isWider(limits.environments, made.environments, within) && 'environments',
  ].filter((field) => field !== false)
  if (wider.length === 0) return
  throw new AppError(
    'forbidden',
    `A key makes no key that may do more than itself: keep \`${wider.join('`, `')}\` within its own, or ask by another credential.`,
    { members: { permission: 'manage_members' } },
  )
}

type Within = (held: readonly string[], asked: readonly string[]) => boolean

/** No list at all is the widest. */
function isWider(held: readonly string[], asked: readonly string[], isWithin: Within): boolean {
  return held.length > 0 && (asked.length === 0 || !isWithin(held, asked))
}

function faultsOf(field: string, values: readonly string[], isValid: (value: string) => boolean, message: string): FieldError[] {
  return values.flatMap((value, index) => (isValid(value) ? [] : [{ pointer: `/body/${field}/${index}`, message }]))
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
}
