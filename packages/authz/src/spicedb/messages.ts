import type { v1 } from '@authzed/authzed-node'
import type { ObjectRef, Relationship, SubjectRef } from '../relationship.ts'

/** How fresh an answer must be: at least as the token says, or, with null, as fresh as there is. */
export type Freshness = string | null

export function toConsistency(token: Freshness): v1.Consistency {
  return token === null
    ? { requirement: { oneofKind: 'fullyConsistent', fullyConsistent: true } }
    : { requirement: { oneofKind: 'atLeastAsFresh', atLeastAsFresh: { token } } }
}

export function toObject({ type, id }: ObjectRef): v1.ObjectReference {
  return { objectType: type, objectId: id }
}

export function toSubject(subject: SubjectRef): v1.SubjectReference {
  return { object: toObject(subject), optionalRelation: subject.relation ?? '' }
}

export function toMessage({ resource, relation, subject, expiresAt }: Relationship): v1.Relationship {
  const message = { resource: toObject(resource), relation, subject: toSubject(subject) }
  if (expiresAt === null) return message
  const ms = expiresAt.getTime()
  const seconds = Math.floor(ms / 1000)
  return { ...message, optionalExpiresAt: { seconds: String(seconds), nanos: (ms - seconds * 1000) * 1e6 } }
}

/** What SpiceDB holds, in our terms. Throws where it holds a caveat, which the schema does not know. */
export function fromMessage({ resource, relation, subject, optionalExpiresAt: ends, optionalCaveat }: v1.Relationship): Relationship {
  if (!resource || !subject?.object || optionalCaveat) throw new Error('SpiceDB holds a relationship that is none of ours')
  const held = { type: subject.object.objectType, id: subject.object.objectId }
  return {
    resource: { type: resource.objectType, id: resource.objectId },
    relation,
    subject: subject.optionalRelation === '' ? held : { ...held, relation: subject.optionalRelation },
    expiresAt: ends ? new Date(Number(ends.seconds) * 1000 + Math.round(ends.nanos / 1e6)) : null,
  }
}
