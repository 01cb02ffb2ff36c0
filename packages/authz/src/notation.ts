import type { ObjectRef, Relationship, SubjectRef } from './relationship.ts'

const object = /^([a-z][a-z0-9_]*):([^#@[]+)$/
const subject = /^([a-z][a-z0-9_]*):([^#@[]+)(?:#([a-z][a-z0-9_]*))?$/
const relationship = /^([^#]+)#([a-z][a-z0-9_]*)@([^[]+)(?:\[expiration:([^\]]+)\])?$/

/** Reads `workspace:w1`. Throws an Error on anything else. */
export function parseObject(text: string): ObjectRef {
  const [, type, id] = object.exec(text) ?? []
  if (type === undefined || id === undefined) throw new Error(`Not an object: ${text}`)
  return { type, id }
}

/** Reads `user:u1`, `user:*` or `group:g1#member`. Throws an Error on anything else. */
export function parseSubject(text: string): SubjectRef {
  const [, type, id, relation] = subject.exec(text) ?? []
  if (type === undefined || id === undefined) throw new Error(`Not a subject: ${text}`)
  return relation === undefined ? { type, id } : { type, id, relation }
}

/** Reads what formatRelationship writes. Throws an Error on anything else. */
export function parseRelationship(text: string): Relationship {
  const [, resource, relation, held, expiry] = relationship.exec(text) ?? []
  if (resource === undefined || relation === undefined || held === undefined) throw new Error(`Not a relationship: ${text}`)
  return {
    resource: parseObject(resource),
    relation,
    subject: parseSubject(held),
    expiresAt: expiry === undefined ? null : new Date(expiry),
  }
}
