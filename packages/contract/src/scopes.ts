import { routes } from './contract.ts'
import type { AnyRoute } from './route.ts'

type ScopeVerb = 'read' | 'write' | 'execute' | 'reveal'

// What a workspace is going to hold. A key can be limited to it before the first route of it is there.
const resourcesToCome: Record<string, readonly ScopeVerb[]> = {
  agents: ['read', 'write', 'execute'],
  approvals: ['read', 'write'],
  apps: ['read', 'write', 'execute'],
  coderunners: ['read', 'write', 'execute'],
  credentials: ['read', 'write'],
  data_sources: ['read', 'write', 'execute'],
  executions: ['read', 'write'],
  files: ['read', 'write'],
  guardrails: ['read', 'write'],
  logs: ['read', 'write'],
  memories: ['read', 'write'],
  prompts: ['read', 'write', 'execute'],
  runners: ['read', 'write'],
  runs: ['read', 'write', 'execute'],
  scores: ['read', 'write'],
  secrets: ['read', 'write', 'reveal'],
  sessions: ['read', 'write', 'execute'],
  tools: ['read', 'write', 'execute'],
  traces: ['read', 'write'],
  triggers: ['read', 'write', 'execute'],
  vault: ['read', 'write', 'reveal'],
  workflows: ['read', 'write', 'execute'],
}

// Behind a workspace's id, what is done to the workspace itself instead of naming something inside it.
const verbsOfWorkspace = new Set(['status', 'archive', 'restore', 'offboard', 'transfer-ownership'])

/**
 * The scope that a credential with scopes must hold to call a route, as `resource:verb`; null where any may: what nobody
 * proves anything for, and the question of who one is.
 */
export function scopeOf(route: AnyRoute): string | null {
  if ('public' in route.guard || route.operationId === 'getMe') return null
  return `${resourceOf(route.path)}:${verbOf(route)}`
}

/** Whether scopes include the one that is needed. `resource:*` is every verb of a resource. */
export function includesScope(held: readonly string[], needed: string): boolean {
  return held.includes(needed) || held.includes(`${needed.slice(0, needed.indexOf(':'))}:*`)
}

/** Every scope that a key may have. */
export const knownScopes: ReadonlySet<string> = new Set(
  [
    ...routes.map(scopeOf).filter((scope) => scope !== null),
    ...Object.entries(resourcesToCome).flatMap(([resource, verbs]) => verbs.map((verb) => `${resource}:${verb}`)),
  ]
    .flatMap((scope) => [scope, `${scope.split(':')[0]}:*`])
    .toSorted(),
)

function resourceOf(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '')
  if (segments[0] === 'v1' || segments[0] === 'api') segments.shift()
  const [collection = '', id, inside] = segments
  const isInside = inside !== undefined && (id === ':workspace_id' || id === ':workspace') && collection !== 'org-workspaces'
  return (isInside && !verbsOfWorkspace.has(inside) ? inside : collection).replaceAll('-', '_')
}

function verbOf({ guard, method }: AnyRoute): ScopeVerb {
  const permission = 'permission' in guard ? guard.permission : null
  if (permission === 'execute' || permission === 'reveal') return permission
  return permission === 'read' || method === 'GET' ? 'read' : 'write'
}
