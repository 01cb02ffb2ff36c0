import { AuthzError } from './errors.ts'
import { type SubjectRef, subjectKey } from './relationship.ts'
import { type Climb, expiryOf, type Membership, type Session, tuplesOfSubject } from './session.ts'

/** How many groups may stand in one another. */
export const maxNesting = 25

/**
 * Whether the subject belongs to a userset; undefined while that is on its way. Found by climbing from the subject
 * to what holds it, so that a group's size costs nothing.
 */
export function membershipIn(session: Session, userset: SubjectRef): Membership | 'none' | undefined {
  const climb = climbFrom(session)
  const membership = climb.found.get(subjectKey(userset))
  // One that lasts is as good as it gets; for one that ends, a longer one may still turn up.
  if (membership !== undefined && (climb.complete || membership.until === Infinity)) return membership
  if (!climb.complete) return undefined
  if (climb.tooDeep) throw new AuthzError('depth', `groups nest deeper than ${maxNesting}`)
  return 'none'
}

/** All usersets that hold the subject, as far as they are known by now. */
export function climbFrom(session: Session): Climb {
  if (session.climb !== undefined) return session.climb
  const climb: Climb = { found: new Map(), complete: true, tooDeep: false }
  session.climb = climb

  const steps: { holder: SubjectRef; membership: Membership }[] = [{ holder: session.subject, membership: { until: Infinity, path: [] } }]
  for (const { holder, membership } of steps) {
    const held = tuplesOfSubject(session, holder)
    if (held === undefined) climb.complete = false
    for (const { type, relation } of session.plan.memberships) {
      for (const tuple of held?.get(type)?.get(relation) ?? []) {
        const userset = { type, id: tuple.resource.id, relation }
        const until = Math.min(membership.until, expiryOf(tuple))
        const known = climb.found.get(subjectKey(userset))
        // Circles end here: going round never makes a membership last longer.
        if (known !== undefined && known.until >= until) continue
        if (membership.path.length >= maxNesting) {
          climb.tooDeep = true
          continue
        }
        const longer = { until, path: [tuple, ...membership.path] }
        climb.found.set(subjectKey(userset), longer)
        steps.push({ holder: userset, membership: longer })
      }
    }
  }
  return climb
}
