import type { Relationship } from '@freehold/authz'
import { build } from '@freehold/db'
import { sql } from 'kysely'

/**
 * A tuple as it is stored, with when and by which user it was made. `id` names it in the API (made from the time unless
 * given); `source` is `direct` unless a claim put it there.
 */
export type NewRelationship = Relationship & { createdAt: Date; createdBy: string | null; id?: string; source?: 'direct' | 'claim' }

export function insertRelationships(tuples: readonly NewRelationship[]) {
  return build
    .insertInto('hub.relationship')
    .values(
      tuples.map((tuple) => ({
        ...keyOf(tuple),
        ...(tuple.id !== undefined && { id: tuple.id }),
        ...(tuple.source !== undefined && { source: tuple.source }),
        expires_at: tuple.expiresAt,
        created_at: tuple.createdAt,
        created_by: tuple.createdBy,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
}

/** One statement, whatever the number: a group may have thousands of members. */
export function deleteRelationshipRows(tuples: readonly Relationship[]) {
  const keys = JSON.stringify(tuples.map(keyOf))
  return build
    .deleteFrom('hub.relationship as tuple')
    .using(sql`jsonb_populate_recordset(null::hub.relationship, ${keys}::jsonb)`.as('gone'))
    .where(
      sql<boolean>`(tuple.resource_type, tuple.resource_id, tuple.relation, tuple.subject_type, tuple.subject_id, tuple.subject_relation)
        = (gone.resource_type, gone.resource_id, gone.relation, gone.subject_type, gone.subject_id, gone.subject_relation)`,
    )
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
