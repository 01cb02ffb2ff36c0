import { evaluate } from './evaluate.ts'
import { reach, type Through } from './lookup.ts'
import { createPlanner, definitionOf, type Plan } from './plan.ts'
import type { ObjectRef, Relationship, RelationshipReader, SubjectRef } from './relationship.ts'
import type { Schema } from './schema-types.ts'
import { openSession, settle, toExpiry, touchedBy } from './session.ts'

/** What every decision rests on, for whoever keeps it in a cache. */
type Basis = {
  /** The decision stands until then (exclusive) while no tuple changes; null = for good. */
  readonly expiresAt: Date | null
  /** A changed tuple can concern the decision only if its resource or its subject is one of these objects. */
  readonly touched: ObjectRef[]
}

export type CheckResult = Basis & {
  readonly allowed: boolean
  /** The tuples that lead from the resource to the subject; empty on a refusal. */
  readonly path: readonly Relationship[]
}
export type PermissionsResult = Basis & { readonly permissions: Set<string> }
export type LookupResult = Basis & {
  /** Objects reached by a tuple of the subject, of a group or of everybody. */
  readonly ids: string[]
  /** Beside those, every object whose `relation` points to `parent`. */
  readonly through: readonly Through[]
}

/**
 * Decides over tuples that a reader supplies. All functions reject with AuthzError when the schema does not know the type,
 * the permission or the kind of subject, or when groups nest too deep, and with the reader's error: count each as a refusal.
 */
export type Engine = {
  /** Whether the subject has the permission on the resource at `now`, and why. A relation's name is taken for a permission's. */
  check(reader: RelationshipReader, subject: SubjectRef, permission: string, resource: ObjectRef, now: Date): Promise<CheckResult>
  /** All permissions of the subject on the resource, from one load of tuples. */
  permissionsOn(reader: RelationshipReader, subject: SubjectRef, resource: ObjectRef, now: Date): Promise<PermissionsResult>
  /** All resources of a type on which the subject has the permission. Agrees with `check` on each of them. */
  lookup(reader: RelationshipReader, subject: SubjectRef, permission: string, resourceType: string, now: Date): Promise<LookupResult>
}

export function createEngine(schema: Schema): Engine {
  const planner = createPlanner(schema)
  const permissionPlans = new Map<string, { names: readonly string[]; plan: Plan }>()

  const planPermissions = (type: string) => {
    const known = permissionPlans.get(type)
    if (known !== undefined) return known
    const names = permissionNames(schema, type)
    const made = { names, plan: planner.planFor(type, names) }
    permissionPlans.set(type, made)
    return made
  }

  return {
    async check(reader, subject, permission, resource, now) {
      const plan = planner.planFor(resource.type, [permission])
      const session = openSession({ planner, plan, reader, subject, now, within: plan.memberships })
      const { allowed, path, until } = await settle(session, () => evaluate(session, resource, permission))
      return { allowed, path, expiresAt: toExpiry(until), touched: touchedBy(session) }
    },

    async permissionsOn(reader, subject, resource, now) {
      const { names, plan } = planPermissions(resource.type)
      const session = openSession({ planner, plan, reader, subject, now, within: plan.memberships })
      const answers = await settle(session, () => {
        const all = names.map((name) => evaluate(session, resource, name))
        return all.every((answer) => answer !== undefined) ? all : undefined
      })
      const permissions = new Set(names.filter((_, index) => answers[index]?.allowed))
      const until = answers.reduce((earliest, answer) => Math.min(earliest, answer.until), Infinity)
      return { permissions, expiresAt: toExpiry(until), touched: touchedBy(session) }
    },

    async lookup(reader, subject, permission, resourceType, now) {
      const plan = planner.planFor(resourceType, [permission])
      const session = openSession({ planner, plan, reader, subject, now, within: plan.everything })
      const { ids, through } = await settle(session, () => reach(session, resourceType, permission))
      return { ids: [...ids], through: [...through.values()], expiresAt: toExpiry(session.soonest), touched: touchedBy(session) }
    },
  }
}

/** The permissions of a type, in the order of the schema. AuthzError for a type that it does not have. */
export function permissionNames(schema: Schema, type: string): string[] {
  const members = [...definitionOf(schema, type).members.values()]
  return members.filter((member) => member.kind === 'permission').map((member) => member.name)
}
