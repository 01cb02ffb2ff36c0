import type { Relationship } from '@freehold/authz'
import { build } from '@freehold/db'

/** A tuple as it is stored, with when and by which user it was made. */
export type NewRelationship = Relationship & { createdAt: Date; createdBy: string | null }

export function insertRelationships(tuples: readonly NewRelationship[]) {
  return build
    .insertInto('hub.relationship')
    .values(
      tuples.map((tuple) => ({ ...keyOf(tuple), expires_at: tuple.expiresAt, created_at: tuple.createdAt, created_by: tuple.createdBy })),
    )
    .onConflict((conflict) => conflict.doNothing())
}

export function deleteRelationshipRow(tuple: Relationship) {
  const key = keyOf(tuple)
  return build
    .deleteFrom('hub.relationship')
    .where('resource_type', '=', key.resource_type)
    .where('resource_id', '=', key.resource_id)
    .where('relation', '=', key.relation)
    .where('subject_type', '=', key.subject_type)
    .where('subject_id', '=', key.subject_id)
    .where('subject_relation', '=', key.subject_relation)
}

function keyOf({ resource, relation, subject }: Relationship) {
  return {
    resource_type: resource.type,
    resource_id: resource.id,
    relation,
    subject_type: subject.type,
    subject_id: subject.id,
    subject_relation: subject.relation ?? '',
  }
}
