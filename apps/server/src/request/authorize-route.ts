import type { Principal } from '@freehold/authz/request'
import { AppError, type Guard, type ResourceType } from '@freehold/contract'
import type { ReadPool } from '@freehold/db'
import { INSTALLATION_ID } from '@freehold/hub'
import { BoundedCache } from './bounded-cache.ts'
import type { Decision, Decisions } from './decisions.ts'
import type { RequestFacts } from './request-facts.ts'

/** What a guarded route was let through on. */
export type Authorized = { type: ResourceType; id: string; decision: Decision }
export type RouteAuthorizer = (principal: Principal, facts: RequestFacts) => Promise<Authorized | null>

type PermissionGuard = Extract<Guard, { permission: string }>

/**
 * Holds a request against its route's guard. Throws `not_found` to who may not read the object, as for an id that does
 * not exist; `forbidden`, with the missing permission, to who may; `workspace_frozen` where the route is refused then.
 */
export function createRouteAuthorizer(reads: ReadPool, decisions: Decisions): RouteAuthorizer {
  // A run never moves to another workspace, so this needs no gate.
  const workspaceOfRun = new BoundedCache<string>(10_000)

  async function objectId(guard: PermissionGuard, facts: RequestFacts): Promise<string | null> {
    if (guard.on === 'installation') return INSTALLATION_ID
    const named = guard.in === 'body' ? (facts.input.body as Record<string, unknown>)[guard.id] : facts.input.params[guard.id]
    const id = String(named).toLowerCase()
    if (guard.of !== 'provisioning_run') return id
    const known = workspaceOfRun.get(id)
    if (known) return known
    const [row] = await reads.under({ proof: { run_id: id } }).sql<{ workspace_id: string }>({
      name: 'workspace_of_run',
      text: 'select workspace_id from hub.saga_run where id = $1',
      values: [id],
    })
    if (row) workspaceOfRun.set(id, row.workspace_id)
    return row?.workspace_id ?? null
  }

  return async (principal, facts) => {
    const { guard } = facts.route
    if ('public' in guard) return null
    if ('self' in guard) {
      if (guard.principals && !guard.principals.includes(principal.kind)) {
        throw new AppError('forbidden', 'Use a session or a personal access token here: an API key acts for no person.', {
          members: { permission: 'user' },
        })
      }
      return null
    }
    const id = await objectId(guard, facts)
    if (id === null) throw notFound(guard)
    let decision = await decisions.decide(principal, guard.on, id)
    // No gate proves a refusal, so what is remembered refuses nobody: it may be from before a grant or an unfreeze.
    const isRefusal = !decision.permissions.has(guard.permission) || stateRefusal(facts, decision) !== null
    if (isRefusal) decision = await decisions.decide(principal, guard.on, id, true)
    if (!decision.permissions.has(guard.permission)) {
      // Everybody who is signed in knows that there is an installation.
      const mayKnow = decision.permissions.has('read') || guard.on === 'installation'
      throw mayKnow ? forbidden(guard) : notFound(guard)
    }
    const refusal = stateRefusal(facts, decision)
    if (refusal) throw refusal
    return { type: guard.on, id, decision }
  }
}

function notFound(guard: PermissionGuard): AppError {
  return new AppError(
    'not_found',
    `No such ${guard.of?.replace('_', ' ') ?? guard.on}, or you may not read it. Check the id and which credential you use.`,
  )
}

function forbidden(guard: PermissionGuard): AppError {
  return new AppError('forbidden', `You need \`${guard.permission}\` on this ${guard.on}. Ask somebody who administers it.`, {
    members: { permission: guard.permission },
  })
}

/** Why the workspace's state does not allow the route; null where it does. */
function stateRefusal({ route }: RequestFacts, { place }: Decision): AppError | null {
  if (route.whenFrozen !== 'refuse' || !place) return null
  if (place.status === 'frozen' || place.status === 'offboarding') {
    return new AppError('workspace_frozen', 'Unfreeze the workspace first: `PATCH /v1/workspaces/{id}/status` with `{"status":"active"}`.')
  }
  if (place.status === 'archived') return new AppError('workspace_archived', 'Restore the workspace first.')
  if (place.status === 'deleted') return new AppError('invalid_state', 'The workspace has been deleted.')
  return null
}
