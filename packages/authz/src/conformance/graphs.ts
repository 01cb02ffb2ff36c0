import fc from 'fast-check'
import { objectKey, type ObjectRef, type Relationship, type RelationshipReader, type SubjectRef } from '../relationship.ts'
import type { Schema } from '../schema-types.ts'

export const now = new Date('2026-01-01T00:00:00Z')
/** The moments at which anything expires in a random graph: before, at, and after `now`. */
export const moments = [-1, 0, 1, 2, 3].map((seconds) => new Date(now.getTime() + seconds * 1000))

const ids = ['aa', 'bb', 'cc']

type GraphOptions = { schema: Schema; /** Only what SpiceDB would store. */ strict?: boolean }

/** Random tuples over few objects, so that they meet. Unless strict, some have an expiry or a subject that the schema does not foresee. */
export function anyGraph({ schema, strict = false }: GraphOptions): fc.Arbitrary<Relationship[]> {
  const shapes = [...schema.definitions.values()].flatMap((definition) =>
    [...definition.members.values()].flatMap((member) =>
      member.kind === 'relation' ? member.subjects.map((subject) => ({ type: definition.name, relation: member.name, subject })) : [],
    ),
  )
  const expiry = fc.constantFrom(null, null, null, ...moments)
  const tuple = fc.record({
    shape: fc.constantFrom(...shapes),
    id: fc.constantFrom(...ids),
    held: fc.constantFrom(...ids),
    expiry,
    stray: fc.nat(19),
  })
  const built = tuple.map(({ shape, id, held, expiry: drawn, stray }): Relationship => {
    const { type, wildcard, relation, expires } = shape.subject
    const subject = { type: !strict && stray === 0 ? 'robot' : type, id: wildcard || (!strict && stray === 1) ? '*' : held }
    const ends = expires ? (drawn ?? moments.at(-1) ?? null) : strict ? null : drawn
    return {
      resource: { type: shape.type, id },
      relation: shape.relation,
      subject: relation === undefined ? subject : { ...subject, relation },
      expiresAt: ends,
    }
  })
  const identity = ({ resource, relation, subject }: Relationship) => JSON.stringify([resource, relation, subject])
  return fc.uniqueArray(built, { selector: identity, minLength: 5, maxLength: 60, size: 'max' })
}

/** Without the tuples that would close a circle of objects: of groups in each other SpiceDB says only that they are too deep. */
export function withoutCircles(tuples: readonly Relationship[]): Relationship[] {
  const held = new Map<string, Set<string>>()
  const leadsTo = (from: string, to: string): boolean => from === to || [...(held.get(from) ?? [])].some((next) => leadsTo(next, to))
  return tuples.filter(({ resource, subject }) => {
    const [from, to] = [objectKey(resource), objectKey(subject)]
    if (leadsTo(to, from)) return false
    held.set(from, (held.get(from) ?? new Set()).add(to))
    return true
  })
}

/** Whoever may ask: mostly people, whom most tuples are about, and every other kind of subject and userset. */
export function anySubject(schema: Schema): fc.Arbitrary<SubjectRef> {
  const types = [...schema.definitions.values()]
  const objects = types.flatMap((definition) => objectsOf(definition.name))
  const usersets = types.flatMap((definition) =>
    [...definition.members.keys()].flatMap((relation) => objectsOf(definition.name).map((ref) => ({ ...ref, relation }))),
  )
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...objectsOf('user')) },
    { weight: 1, arbitrary: fc.constantFrom(...objects) },
    { weight: 1, arbitrary: fc.constantFrom(...usersets) },
  )
}

export type Target = { resource: ObjectRef; name: string }

/** Every relation and permission of every object. */
export function everyTarget(schema: Schema): Target[] {
  return [...schema.definitions.values()].flatMap((definition) =>
    [...definition.members.keys()].flatMap((name) => ids.map((id) => ({ resource: { type: definition.name, id }, name }))),
  )
}

export function objectsOf(type: string): ObjectRef[] {
  return ids.map((id) => ({ type, id }))
}

/** Makes full use of what a reader may leave out, and answers by promise, later calls sometimes first. Counts calls and round trips. */
export function sparingReader(reader: RelationshipReader) {
  const counts = { calls: 0, roundTrips: 0 }
  let waiting = false
  const answer = async (tuples: readonly Relationship[] | Promise<readonly Relationship[]>, keep: (tuple: Relationship) => boolean) => {
    counts.calls++
    if (!waiting) {
      waiting = true
      counts.roundTrips++
      setImmediate(() => (waiting = false))
    }
    await new Promise((resolve) => (counts.calls % 2 === 0 ? setImmediate(resolve) : setImmediate(() => setImmediate(resolve))))
    return (await tuples).filter(keep)
  }
  const sparing: RelationshipReader = {
    onResource: (resource, relations, subject) =>
      answer(reader.onResource(resource, relations), ({ subject: held }) => {
        return (
          subject === undefined || held.type !== subject.type || held.relation !== undefined || held.id === '*' || held.id === subject.id
        )
      }),
    ofSubject: (subject, within) =>
      answer(reader.ofSubject(subject, within), ({ resource, relation }) =>
        within.some((of) => of.type === resource.type && of.relation === relation),
      ),
  }
  return { reader: sparing, counts }
}
