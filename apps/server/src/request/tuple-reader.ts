import type { ObjectRef, Relationship, RelationshipReader, SubjectRef } from '@freehold/authz'
import type { Gate, ReadPool } from '@freehold/db'

type TupleRow = {
  resource_type: string
  resource_id: string
  relation: string
  subject_type: string
  subject_id: string
  subject_relation: string
  expires_at: Date | null
}
type Loaded = { epoch: string | null; tuples: TupleRow[] }

/** A reader of relationships that remembers the gate of every object it was asked about. */
export type GatedReader = RelationshipReader & { gates(): Gate[] }

const ofResource = `
  select (select epoch from hub.gate where id = $1) as epoch, coalesce((
    select json_agg(r) from hub.relationship r
    where r.resource_type = $2 and r.resource_id = $1 and r.relation = any ($3)
      and ($4::text is null or r.subject_type <> $4 or r.subject_relation <> '' or r.subject_id = $5)
  ), '[]') as tuples`

const bySubject = `
  select (select epoch from hub.gate where id = $1) as epoch, coalesce((
    select json_agg(r) from hub.relationship r
    where r.subject_type = $2 and r.subject_id = $1 and r.subject_relation = $3
      and (r.resource_type, r.relation) in (select * from unnest($4::text[], $5::text[]))
  ), '[]') as tuples`

/**
 * Reads tuples together with the epoch of the gate of the object that they hang on. Each read has a snapshot of its
 * own; a change between two of them moves a gate, and then `enter` refuses the decision.
 */
export function createTupleReader(reads: ReadPool): GatedReader {
  const gates = new Map<string, string>()

  async function load(id: string, name: string, text: string, values: unknown[]): Promise<Relationship[]> {
    // The gate's row is visible under a scope that names it; its epoch is read, not compared.
    const db = reads.under({ raises: [id], proof: { object_ids: id } })
    const [loaded] = await db.sql<Loaded>({ name, text, values })
    // Of two reads of one object the older epoch stands: had it moved in between, the decision must fail.
    if (loaded?.epoch != null && !gates.has(id)) gates.set(id, loaded.epoch)
    return (loaded?.tuples ?? []).map(toRelationship)
  }

  return {
    onResource: (resource: ObjectRef, relations: readonly string[], subject?: SubjectRef) =>
      load(resource.id, 'tuples_of_resource', ofResource, [
        resource.id,
        resource.type,
        relations,
        subject?.type ?? null,
        subject?.id ?? null,
      ]),
    ofSubject: (subject: SubjectRef, within) =>
      load(subject.id, 'tuples_by_subject', bySubject, [
        subject.id,
        subject.type,
        subject.relation ?? '',
        within.map(({ type }) => type),
        within.map(({ relation }) => relation),
      ]),
    gates: () => [...gates].map(([id, epoch]) => ({ id, epoch })),
  }
}

function toRelationship(row: TupleRow): Relationship {
  return {
    resource: { type: row.resource_type, id: row.resource_id },
    relation: row.relation,
    subject: { type: row.subject_type, id: row.subject_id, ...(row.subject_relation && { relation: row.subject_relation }) },
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
  }
}
