import type { Relationship } from '@freehold/authz'
import { accountRoles, workspaceRoles } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { deleteRelationship, insertRelationship } from '../relationships/index.ts'
import type { Place } from './place.ts'
import { type HeldRole, listRolesOf } from './queries.ts'

/** Of each kind of place, the greatest first. */
const roles = { workspace: workspaceRoles, account: accountRoles } as const

/** The greatest role that somebody holds there in their own name now. */
export async function findRole(tx: Tx, place: Place, userId: string, now: Date): Promise<HeldRole | undefined> {
  return greatestOf(place, await listRolesOf(tx, place, userId, roles[place.type]), now)
}

type Taking = { userId: string; role: string; grantedBy: string | null; now: Date }

/**
 * Gives a role, in place of what they held there; whoever holds more already keeps it. Answers what they hold then. To be
 * run under the place's exclusive lock: nobody has two grants of their own.
 */
export async function takeRole(tx: Tx, place: Place, { userId, role, grantedBy, now }: Taking): Promise<string> {
  const held = await listRolesOf(tx, place, userId, roles[place.type])
  const greatest = greatestOf(place, held, now)
  if (greatest && (rank(place, greatest.role) < rank(place, role) || (greatest.role === role && greatest.expiresAt === null))) {
    return greatest.role
  }
  await deleteRelationship(tx, ...held.map((one) => tupleOf(place, userId, one.role)))
  await insertRelationship(tx, { ...tupleOf(place, userId, role), id: newId(now.getTime()), createdAt: now, createdBy: grantedBy })
  return role
}

function greatestOf(place: Place, held: readonly HeldRole[], now: Date): HeldRole | undefined {
  const live = held.filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
  return live.toSorted((one, other) => rank(place, one.role) - rank(place, other.role))[0]
}

function rank({ type }: Place, role: string): number {
  return (roles[type] as readonly string[]).indexOf(role)
}

function tupleOf(place: Place, userId: string, role: string): Relationship {
  return { resource: place, relation: role, subject: { type: 'user', id: userId }, expiresAt: null }
}
