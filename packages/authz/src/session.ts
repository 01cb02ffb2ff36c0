import { AuthzError } from './errors.ts'
import { definitionOf, type Plan, type Planner } from './plan.ts'
import {
  objectKey,
  type ObjectRef,
  type Relationship,
  type RelationOfType,
  type RelationshipReader,
  type SubjectRef,
  subjectKey,
} from './relationship.ts'
import type { Definition, Relation } from './schema-types.ts'

/** The tuples of an object or of a subject, once they are here. */
type Loading<T> = { tuples: T | undefined }
type ObjectNode = Loading<Map<string, Relationship[]>> & {
  readonly ref: ObjectRef
  readonly definition: Definition
  readonly answers: Map<string, Answer>
}
type SubjectNode = Loading<Map<string, Map<string, Relationship[]>>> & { readonly ref: SubjectRef }

/**
 * `until` is the moment (ms, exclusive; Infinity = for good) up to which the answer stands while no tuple changes,
 * `path` the tuples that lead from the resource to the subject, empty on a refusal.
 */
export type Answer = { readonly allowed: boolean; readonly until: number; readonly path: readonly Relationship[] }
export type Membership = { readonly until: number; readonly path: readonly Relationship[] }
export type Climb = { readonly found: Map<string, Membership>; complete: boolean; tooDeep: boolean }

/** One question over one snapshot: what has been loaded, and what has been worked out from it. */
export type Session = {
  readonly planner: Planner
  readonly plan: Plan
  readonly reader: RelationshipReader
  readonly subject: SubjectRef
  readonly now: number
  readonly objects: Map<string, ObjectNode>
  readonly subjects: Map<string, SubjectNode>
  readonly pending: Promise<void>[]
  /** What is worth knowing of a subject. */
  readonly within: readonly RelationOfType[]
  climb: Climb | undefined
  /** The earliest expiry among the live tuples that were read from subjects. */
  soonest: number
}

type Question = {
  planner: Planner
  plan: Plan
  reader: RelationshipReader
  subject: SubjectRef
  now: Date
  within: readonly RelationOfType[]
}

export function openSession({ now, ...question }: Question): Session {
  if (question.subject.id === '*') throw new AuthzError('unknown', 'a wildcard is not a subject that can ask')
  definitionOf(question.planner.schema, question.subject.type)
  return { ...question, now: now.getTime(), objects: new Map(), subjects: new Map(), pending: [], climb: undefined, soonest: Infinity }
}

/**
 * Works out an answer that is undefined while tuples are missing: each attempt asks for whatever it misses, all at once,
 * and is repeated when that is here. A reader that answers at once is never waited for.
 */
export async function settle<T>(session: Session, attempt: () => T | undefined): Promise<T> {
  try {
    for (;;) {
      if (session.climb?.complete === false) session.climb = undefined
      const answer = attempt()
      if (answer !== undefined) return answer
      if (session.pending.length === 0) throw new Error('The decision waits for tuples that nobody was asked for')
      await arrival(session.pending.splice(0))
    }
  } finally {
    // Nothing may still read the snapshot after we return.
    if (session.pending.length > 0) await Promise.allSettled(session.pending)
  }
}

async function arrival(pending: readonly Promise<void>[]) {
  const outcomes = await Promise.allSettled(pending)
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

export function nodeOf(session: Session, ref: ObjectRef): ObjectNode {
  const key = objectKey(ref)
  const known = session.objects.get(key)
  if (known !== undefined) return known
  const node: ObjectNode = { ref, definition: definitionOf(session.planner.schema, ref.type), tuples: undefined, answers: new Map() }
  session.objects.set(key, node)
  const relations = session.plan.relations.get(ref.type) ?? []
  const hint = session.planner.arrowTargets.has(session.subject.type) ? undefined : session.subject
  if (relations.length === 0) node.tuples = new Map()
  else receive(session, session.reader.onResource(ref, relations, hint), (tuples) => (node.tuples = byRelation(session, node, tuples)))
  return node
}

/** The live tuples with exactly this subject, by type and relation of the resource; undefined while they are on their way. */
export function tuplesOfSubject(session: Session, ref: SubjectRef): Map<string, Map<string, Relationship[]>> | undefined {
  const key = subjectKey(ref)
  const known = session.subjects.get(key)
  if (known !== undefined) return known.tuples
  const node: SubjectNode = { ref, tuples: undefined }
  session.subjects.set(key, node)
  const within = session.within.filter((of) => takes(relationOf(session, of.type, of.relation), ref))
  if (within.length === 0) node.tuples = new Map()
  else receive(session, session.reader.ofSubject(ref, within), (tuples) => (node.tuples = byTypeAndRelation(session, node, within, tuples)))
  return node.tuples
}

function receive(session: Session, answer: ReturnType<RelationshipReader['onResource']>, store: (tuples: readonly Relationship[]) => void) {
  if (answer instanceof Promise) session.pending.push(answer.then(store))
  else store(answer)
}

function byRelation(session: Session, node: ObjectNode, tuples: readonly Relationship[]) {
  const groups = new Map<string, Relationship[]>()
  for (const tuple of tuples) {
    if (tuple.resource.id !== node.ref.id || tuple.resource.type !== node.ref.type || expiryOf(tuple) <= session.now) continue
    const relation = node.definition.members.get(tuple.relation)
    if (relation?.kind !== 'relation' || !takes(relation, tuple.subject)) continue
    const group = groups.get(tuple.relation)
    if (group === undefined) groups.set(tuple.relation, [tuple])
    else group.push(tuple)
  }
  return groups
}

function byTypeAndRelation(session: Session, node: SubjectNode, within: readonly RelationOfType[], tuples: readonly Relationship[]) {
  const groups = new Map<string, Map<string, Relationship[]>>()
  for (const { type, relation } of within) {
    const ofType = groups.get(type) ?? new Map<string, Relationship[]>()
    groups.set(type, ofType.set(relation, []))
  }
  const { type, id, relation } = node.ref
  for (const tuple of tuples) {
    const until = expiryOf(tuple)
    if (tuple.subject.id !== id || tuple.subject.relation !== relation || tuple.subject.type !== type || until <= session.now) continue
    const group = groups.get(tuple.resource.type)?.get(tuple.relation)
    if (group === undefined) continue
    group.push(tuple)
    if (until < session.soonest) session.soonest = until
  }
  return groups
}

function relationOf(session: Session, type: string, name: string): Relation | undefined {
  const member = session.planner.schema.definitions.get(type)?.members.get(name)
  return member?.kind === 'relation' ? member : undefined
}

/**
 * A tuple that the schema does not allow counts for nothing, however it came to be stored. An expiry is always heeded,
 * also where the schema does not expect one.
 */
export function takes(relation: Relation | undefined, subject: SubjectRef): boolean {
  if (relation === undefined) return false
  const wildcard = subject.id === '*'
  return relation.subjects.some(
    (allowed) => allowed.type === subject.type && allowed.relation === subject.relation && allowed.wildcard === wildcard,
  )
}

export function expiryOf(tuple: Relationship): number {
  return tuple.expiresAt === null ? Infinity : tuple.expiresAt.getTime()
}

/** The shape in which results tell a moment. */
export function toExpiry(until: number): Date | null {
  return until === Infinity ? null : new Date(until)
}

/** Every object whose tuples were read, be it as resource or as subject. */
export function touchedBy(session: Session): ObjectRef[] {
  const touched = new Map<string, ObjectRef>()
  for (const [key, node] of session.objects) touched.set(key, node.ref)
  for (const node of session.subjects.values()) touched.set(objectKey(node.ref), { type: node.ref.type, id: node.ref.id })
  return [...touched.values()]
}
