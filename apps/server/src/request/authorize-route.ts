import type { Principal } from '@freehold/authz/request'
import { AppError, type Guard, type ResourceType } from '@freehold/contract'
import type { ReadPool } from '@freehold/db'
import { findWorkspaceIdBySlug, INSTALLATION_ID } from '@freehold/hub'
import { isUuid } from '@freehold/kit'
import { BoundedCache } from './bounded-cache.ts'
import type { Decision, Decisions } from './decisions.ts'
import { refuseBeyondLimits } from './key-limits.ts'
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
    const { params, query, body } = facts.input
    const named = { params, query, body: body as Record<string, unknown> }[guard.in ?? 'params'][guard.id]
    const id = String(named).toLowerCase()
    if (guard.by === 'slug' && !isUuid(id)) return findWorkspaceIdBySlug(reads, id)
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
    refuseBeyondLimits(principal, facts)
    refuseCaller(principal, guard)
    if ('self' in guard) return null
    const id = await objectId(guard, facts)
    if (id === null) throw notFound(guard)
    let decision = await decisions.decide(principal, guard.on, id)
    // No gate proves a refusal, so what is remembered refuses nobody: it may be from before a grant or an unfreeze.
    const isRefusal = !decision.permissions.has(guard.permission) || decision.needsSecondFactor || stateRefusal(facts, decision) !== null
    if (isRefusal) decision = await decisions.decide(principal, guard.on, id, true)
    if (!decision.permissions.has(guard.permission)) {
      // Everybody who is signed in knows that there is an installation.
      const mayKnow = decision.permissions.has('read') || guard.on === 'installation'
      throw mayKnow ? forbidden(guard) : notFound(guard)
    }
    refuseTenant(principal, guard)
    if (decision.needsSecondFactor) throw secondFactorNeeded()
    const refusal = stateRefusal(facts, decision)
    if (refusal) throw refusal
    return { type: guard.on, id, decision }
  }
}

/** Whether this kind of caller is one for the route, whatever it may reach. */
function refuseCaller(principal: Principal, guard: Exclude<Guard, { public: string }>): void {
  if (guard.principals && !guard.principals.includes(principal.kind)) {
    throw new AppError('forbidden', 'Use a session or a personal access token here: what belongs to a workspace acts for no person.', {
      members: { permission: 'user' },
    })
  }
  if ('self' in guard) refuseTenant(principal, guard)
}

/** Told only to who reaches the object: a tenant's token says which workspace it is of. */
function refuseTenant(principal: Principal, { tenants }: { tenants?: string }): void {
  if (principal.tenant === null || tenants !== undefined) return
  throw new AppError('forbidden', "A tenant's token reaches its tenant's own data only. Use a token of the workspace.", {
    members: { permission: 'workspace' },
  })
}

function secondFactorNeeded(): AppError {
  return new AppError(
    'forbidden',
    'This account lets in only who has signed in with a second factor. Set one up under your profile, then sign in with it.',
    { members: { permission: 'second_factor' } },
  )
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
  if (!place) return null
  if (place.status === 'archived' && !route.whenArchived) {
    return new AppError('workspace_archived', 'Restore the workspace first: `POST /v1/workspaces/{id}/restore`.')
  }
  if (route.whenFrozen !== 'refuse') return null
  if (place.status === 'frozen' || place.status === 'offboarding') {
    return new AppError('workspace_frozen', 'Unfreeze the workspace first: `PATCH /v1/workspaces/{id}/status` with `{"status":"active"}`.')
  }
  if (place.status === 'deleted') return new AppError('invalid_state', 'The workspace has been deleted.')
  return null
}
