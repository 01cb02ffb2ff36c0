import { productSchema, type ObjectRef, rolesThatGrant } from '@freehold/authz'
import type { Principal, Visible } from '@freehold/authz/request'
import { type ApiKeyRole, permissions, type Permission, type ResourceType } from '@freehold/contract'
import type { Gate, ReadPool } from '@freehold/db'
import { findAccountPolicies, findWorkspaceAccounts, findWorkspacePlace, findWorkspacesOutside, type WorkspacePlace } from '@freehold/hub'
import type { Clock } from '@freehold/kit'
import { BoundedCache } from './bounded-cache.ts'
import type { PermissionEngine } from './permission-engine.ts'

/** What a principal may do on an object, as long as `gates` have not moved and `expiresAt` has not passed. */
export type Decision = {
  permissions: ReadonlySet<string>
  /** The account lets in only who has proved a second factor, and the principal has not. */
  needsSecondFactor: boolean
  /** Of a workspace: its account and status, under the same gates. */
  place: WorkspacePlace | null
  gates: readonly Gate[]
  expiresAt: Date | null
}
type Listing = Visible & { gates: readonly Gate[]; expiresAt: Date | null }

export type Decisions = {
  decide(principal: Principal, type: ResourceType, id: string, fresh?: boolean): Promise<Decision>
  visible(principal: Principal): Promise<Listing>
  forget(principal: Principal, type: ResourceType, id: string): void
  forgetListing(principal: Principal): void
}

const cachedDecisions = 100_000
const cachedListings = 2_000

/**
 * Decides by the engine, once for as long as the answer stands. A remembered decision is proved by the `enter` of whatever runs
 * under it; a remembered refusal could not be, so a refusal is always decided anew (`fresh`).
 */
export function createDecisions(reads: ReadPool, clock: Clock, engine: PermissionEngine): Decisions {
  const decisions = new BoundedCache<Decision>(cachedDecisions)
  const listings = new BoundedCache<Listing>(cachedListings)

  async function decideNow(principal: Principal, type: ResourceType, id: string): Promise<Decision> {
    // The place is read first: a status that changes afterwards moves the workspace's gate, which is read with it.
    const place = type === 'workspace' ? await findWorkspacePlace(reads, id) : null
    const needsSecondFactor = false
    if (type === 'workspace' && !place) return { permissions: new Set(), needsSecondFactor, place: null, gates: [], expiresAt: null }
    if (principal.kind === 'workspace_token') {
      // It stands in no relationship: it has its role in its own workspace, which is whose gate it was verified under.
      const permissions = new Set(place && principal.workspaceId === id ? rolePermissions(principal.role!) : [])
      return { permissions, needsSecondFactor, place, gates: place ? [place.gate] : [], expiresAt: null }
    }
    const accountId = type === 'account' ? id : (place?.accountId ?? null)
    const [{ permissions, gates, expiresAt }, policy] = await Promise.all([
      engine.permissionsOn(subjectOf(principal), { type, id }, accountId),
      principal.kind === 'user' && accountId ? findAccountPolicies(reads, [accountId]) : [],
    ])
    return {
      permissions,
      needsSecondFactor: !principal.secondFactor && policy.some((account) => account.requiresSecondFactor),
      place,
      gates: merge(
        merge(
          place ? [place.gate] : [],
          policy.map(({ gate }) => gate),
        ),
        gates,
      ),
      expiresAt,
    }
  }

  /** Of what a person without a second factor could see, what no account keeps for those with one. */
  async function withoutStrict(principal: Principal, listing: Listing): Promise<Listing> {
    if (principal.kind !== 'user' || principal.secondFactor) return listing
    const parents = await findWorkspaceAccounts(reads, listing.workspaceIds)
    const policies = await findAccountPolicies(reads, [
      ...new Set([...listing.accountIds, ...listing.accountPermissions.keys(), ...parents.values()]),
    ])
    const strict = new Set(policies.filter((account) => account.requiresSecondFactor).map(({ id }) => id))
    const gates = merge(
      listing.gates,
      policies.map(({ gate }) => gate),
    )
    if (strict.size === 0) return { ...listing, gates }
    return {
      ...listing,
      gates,
      withheldAccounts: strict.size,
      workspaceIds: listing.workspaceIds.filter((id) => !strict.has(parents.get(id) ?? '')),
      accountIds: listing.accountIds.filter((id) => !strict.has(id)),
      readableAccountIds: listing.readableAccountIds.filter((id) => !strict.has(id)),
      accountPermissions: new Map([...listing.accountPermissions].filter(([id]) => !strict.has(id))),
    }
  }

  return {
    async decide(principal, type, id, fresh = false) {
      const key = `${holderOf(principal)} ${type} ${id}`
      const hit = fresh ? undefined : decisions.get(key)
      if (hit && (hit.expiresAt === null || hit.expiresAt > clock.now())) return hit
      const decision = await decideNow(principal, type, id)
      if (decision.permissions.size > 0) decisions.set(key, decision)
      return decision
    },

    async visible(principal) {
      const hit = listings.get(holderOf(principal))
      if (hit && (hit.expiresAt === null || hit.expiresAt > clock.now())) return hit
      if (principal.kind === 'workspace_token') return ownWorkspace(principal)
      // An API key stands in no relation to an account, and the schema does not even know the question.
      const asked = principal.kind === 'user' ? permissions.account : []
      const { lists, gates, expiresAt } = await engine.list(subjectOf(principal), [
        { permission: 'read', type: 'workspace' },
        ...asked.map((permission) => ({ permission, type: 'account' })),
      ])
      const [workspaces, ...found] = lists as [(typeof lists)[number], ...typeof lists]
      const accountPermissions = new Map<string, Permission<'account'>[]>()
      for (const [index, { ids }] of found.entries()) {
        for (const id of ids) accountPermissions.set(id, [...(accountPermissions.get(id) ?? []), asked[index]!])
      }
      const accountIds = workspaces.through.map(({ parent }) => parent.id)
      // Who reaches all of an account needs no list of its workspaces beside; a workspace never changes its account.
      const isOverlapping = workspaces.ids.length > 0 && accountIds.length > 0
      const listing = await withoutStrict(principal, {
        workspaceIds: (isOverlapping ? await findWorkspacesOutside(reads, workspaces.ids, accountIds) : workspaces.ids)
          .toSorted()
          .reverse(),
        accountIds,
        readableAccountIds: [...accountPermissions].filter(([, held]) => held.includes('read')).map(([id]) => id),
        accountPermissions,
        withheldAccounts: 0,
        gates,
        expiresAt,
      })
      listings.set(holderOf(principal), listing)
      return listing
    },

    forget(principal, type, id) {
      decisions.delete(`${holderOf(principal)} ${type} ${id}`)
      listings.delete(holderOf(principal))
    },
    forgetListing(principal) {
      listings.delete(holderOf(principal))
    },
  }
}

function ownWorkspace(principal: Principal): Listing {
  const workspaceIds = principal.tenant ? [] : [principal.workspaceId!]
  return {
    workspaceIds,
    accountIds: [],
    readableAccountIds: [],
    accountPermissions: new Map(),
    withheldAccounts: 0,
    gates: principal.gates,
    expiresAt: null,
  }
}

/** What a role alone gives in a workspace. */
function rolePermissions(role: ApiKeyRole): Permission<'workspace'>[] {
  return permissions.workspace.filter((permission) => rolesThatGrant(productSchema(), 'workspace', permission).includes(role))
}

/** Whose decisions are remembered together. One id may hold credentials that reach different things: by second factor, by role. */
function holderOf({ id, secondFactor, role }: Principal): string {
  return `${id}${secondFactor ? '+' : ''}${role ?? ''}`
}

function subjectOf(principal: Principal): ObjectRef {
  return { type: principal.kind, id: principal.id }
}

/**
 * One epoch for each gate. The older reading stands, whichever it is: a caller authenticated after a gate has moved may meet
 * a decision remembered from before, and the newer epoch would prove that decision too.
 */
export function merge(first: readonly Gate[], second: readonly Gate[]): Gate[] {
  const byId = new Map(second.map((gate) => [gate.id, gate]))
  for (const gate of first) {
    const other = byId.get(gate.id)
    if (!other || BigInt(gate.epoch) < BigInt(other.epoch)) byId.set(gate.id, gate)
  }
  return [...byId.values()]
}
