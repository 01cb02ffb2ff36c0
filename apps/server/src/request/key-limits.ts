import type { Principal } from '@freehold/authz/request'
import { type AnyRoute, AppError, includesScope, scopeOf } from '@freehold/contract'
import { isAddressAllowed } from '@freehold/hub'
import type { RequestFacts } from './request-facts.ts'

type Part = 'params' | 'query' | 'body'
type Needs = { scope: string | null; environmentIn: readonly Part[] }

const needsOfRoute = new WeakMap<AnyRoute, Needs>()

/**
 * Throws `forbidden` where a credential is used from an address or a page that it is not for, or for what it is not for.
 * It looks at nothing but the request, so it tells nobody whether an object exists.
 */
export function refuseBeyondLimits(principal: Principal, facts: Pick<RequestFacts, 'route' | 'input' | 'ip' | 'origin'>): void {
  const { scopes, limits } = principal
  if (limits.allowedIps.length > 0 && !isAddressAllowed(limits.allowedIps, facts.ip)) {
    throw forbidden('This key is not for the address that you call from. Use it from an address that it allows.', { permission: 'address' })
  }
  if (limits.allowedOrigins.length > 0 && (facts.origin === null || !limits.allowedOrigins.includes(facts.origin))) {
    throw forbidden('This key is for pages of certain origins: send an `Origin` that it allows.', { permission: 'origin' })
  }
  if (scopes.length === 0 && limits.environments.length === 0) return
  const { scope, environmentIn } = needsOf(facts.route)
  if (scopes.length > 0 && scope !== null && !includesScope(scopes, scope)) {
    throw forbidden(`This key lacks the scope \`${scope}\`. Use one that has it, or one without scopes.`, { scope })
  }
  if (limits.environments.length === 0) return
  for (const part of environmentIn) {
    const { environment } = (facts.input[part] ?? {}) as { environment?: unknown }
    if (typeof environment === 'string' && limits.environments.includes(environment)) continue
    throw forbidden(`This key is for ${listOf(limits.environments)} only: name one of them as \`environment\`.`, {
      permission: 'environment',
    })
  }
}

function needsOf(route: AnyRoute): Needs {
  const known = needsOfRoute.get(route)
  if (known) return known
  const parts: readonly Part[] = ['params', 'query', 'body']
  const needs = { scope: scopeOf(route), environmentIn: parts.filter((part) => namesEnvironment(route[part])) }
  needsOfRoute.set(route, needs)
  return needs
}

function namesEnvironment(schema: { properties?: object } | undefined): boolean {
  return Object.hasOwn(schema?.properties ?? {}, 'environment')
}

function listOf(slugs: readonly string[]): string {
  return slugs.map((slug) => `\`${slug}\``).join(', ')
}

function forbidden(message: string, members: Record<string, unknown>): AppError {
  return new AppError('forbidden', message, { members })
}
