import { productEngine, type ObjectRef } from '@freehold/authz'
import type { Principal, Visible } from '@freehold/authz/request'
import { permissions, type Permission, type ResourceType } from '@freehold/contract'
import type { Gate, ReadPool } from '@freehold/db'
import { findWorkspacePlace, findWorkspacesOutside, type WorkspacePlace } from '@freehold/hub'
import type { Clock } from '@freehold/kit'
import { BoundedCache } from './bounded-cache.ts'
import { createTupleReader } from './tuple-reader.ts'

/** What a principal may do on an object, as long as `gates` have not moved and `expiresAt` has not passed. */
export type Decision = {
  permissions: ReadonlySet<string>
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
 * Decides in memory, over relationships read once. A remembered decision is proved by the `enter` of whatever runs
 * under it; a remembered refusal could not be, so a refusal is always decided anew (`fresh`).
 */
export function createDecisions(reads: ReadPool, clock: Clock): Decisions {
  const engine = productEngine()
  const decisions = new BoundedCache<Decision>(cachedDecisions)
  const listings = new BoundedCache<Listing>(cachedListings)

  async function decideNow(principal: Principal, type: ResourceType, id: string): Promise<Decision> {
    const reader = createTupleReader(reads)
    // The place is read first: a status that changes afterwards moves the workspace's gate, which is read with it.
    const place = type === 'workspace' ? await findWorkspacePlace(reads, id) : null
    if (type === 'workspace' && !place) return { permissions: new Set(), place: null, gates: [], expiresAt: null }
    const { permissions, expiresAt } = await engine.permissionsOn(reader, subjectOf(principal), { type, id }, clock.now())
    return { permissions, place, gates: merge(place?.gate ? [place.gate] : [], reader.gates()), expiresAt }
  }

  return {
    async decide(principal, type, id, fresh = false) {
      const key = `${principal.id} ${type} ${id}`
      const hit = fresh ? undefined : decisions.get(key)
      if (hit && (hit.expiresAt === null || hit.expiresAt > clock.now())) return hit
      const decision = await decideNow(principal, type, id)
      if (decision.permissions.size > 0) decisions.set(key, decision)
      return decision
    },

    async visible(principal) {
      const hit = listings.get(principal.id)
      if (hit && (hit.expiresAt === null || hit.expiresAt > clock.now())) return hit
      const reader = createTupleReader(reads)
      const subject = subjectOf(principal)
      const workspaces = await engine.lookup(reader, subject, 'read', 'workspace', clock.now())
      // An API key stands in no relation to an account, and the schema does not even know the question.
      const asked = principal.kind === 'user' ? permissions.account : []
      const found = await Promise.all(asked.map((permission) => engine.lookup(reader, subject, permission, 'account', clock.now())))
      const accountPermissions = new Map<string, Permission<'account'>[]>()
      for (const [index, { ids }] of found.entries()) {
        for (const id of ids) accountPermissions.set(id, [...(accountPermissions.get(id) ?? []), asked[index]!])
      }
      const accountIds = workspaces.through.map(({ parent }) => parent.id)
      // Who reaches all of an account needs no list of its workspaces beside; a workspace never changes its account.
      const isOverlapping = workspaces.ids.length > 0 && accountIds.length > 0
      const listing: Listing = {
        workspaceIds: (isOverlapping ? await findWorkspacesOutside(reads, workspaces.ids, accountIds) : workspaces.ids)
          .toSorted()
          .reverse(),
        accountIds,
        readableAccountIds: [...accountPermissions].filter(([, held]) => held.includes('read')).map(([id]) => id),
        accountPermissions,
        gates: reader.gates(),
        expiresAt: found.reduce((soonest, { expiresAt }) => earliest(soonest, expiresAt), workspaces.expiresAt),
      }
      listings.set(principal.id, listing)
      return listing
    },

    forget(principal, type, id) {
      decisions.delete(`${principal.id} ${type} ${id}`)
      listings.delete(principal.id)
    },
    forgetListing(principal) {
      listings.delete(principal.id)
    },
  }
}

function subjectOf(principal: Principal): ObjectRef {
  return { type: principal.kind, id: principal.id }
}

function earliest(left: Date | null, right: Date | null): Date | null {
  return left && right ? (left < right ? left : right) : (left ?? right)
}

/** One epoch for each gate; the older reading stands, so that a change in between is noticed. */
export function merge(first: readonly Gate[], second: readonly Gate[]): Gate[] {
  const byId = new Map(second.map((gate) => [gate.id, gate]))
  for (const gate of first) byId.set(gate.id, gate)
  return [...byId.values()]
}
