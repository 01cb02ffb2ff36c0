import type { Relationship } from '@freehold/authz'
import type { RelationshipChange } from '@freehold/authz/spicedb'
import { build, type Db, type Tx } from '@freehold/db'
import { sql } from 'kysely'

export type PendingChange = RelationshipChange & { seq: string }
export type TupleRow = {
  resource_type: string
  resource_id: string
  relation: string
  subject_type: string
  subject_id: string
  subject_relation: string
  expires_at: Date | null
}

/** Only one delivers at a time, or a later change could overtake an earlier one. */
export function lockDelivery(tx: Tx): Promise<unknown> {
  return tx.sql({
    name: 'delivery_lock',
    text: "select pg_advisory_xact_lock(hashtextextended('freehold:relationship-delivery', 0))",
    values: [],
  })
}

/** Whether anything waits for SpiceDB. */
export async function hasPending(db: Db): Promise<boolean> {
  const [row] = await db.sql<{ pending: boolean }>({
    name: 'delivery_has_pending',
    text: 'select exists (select from hub.relationship_outbox) as pending',
    values: [],
  })
  return row?.pending ?? false
}

/** Whether the transaction has changed relationships that SpiceDB must hear of. */
export async function hasWritten(tx: Tx): Promise<boolean> {
  const [row] = await tx.sql<{ written: boolean }>({
    name: 'delivery_has_written',
    text: `select exists (select from hub.relationship_outbox
             where written_by = pg_current_xact_id_if_assigned()::text::bigint) as written`,
    values: [],
  })
  return row?.written ?? false
}

/**
 * The oldest changes, at most `limit`. A transaction that would be cut is left for the next time, unless it is the only one:
 * whatever comes behind it and concerns the same tuples has greater numbers than all of it, and so is left as well.
 */
export async function listPending(tx: Tx, limit: number): Promise<PendingChange[]> {
  const rows = await tx.sql<TupleRow & { seq: string; op: 'touch' | 'delete'; is_whole: boolean }>({
    name: 'delivery_list',
    text: `with oldest as (select * from hub.relationship_outbox order by seq limit $1)
           select seq, op, resource_type, resource_id, relation, subject_type, subject_id, subject_relation, expires_at,
             not exists (select from hub.relationship_outbox further
               where further.written_by = oldest.written_by and further.seq > (select max(seq) from oldest)) as is_whole
           from oldest order by seq`,
    values: [limit],
  })
  const whole = rows.filter((row) => row.is_whole)
  return (whole.length > 0 ? whole : rows).map((row) => ({ seq: row.seq, op: row.op, tuple: toTuple(row) }))
}

/** The tuples among these about which changes wait. */
export async function listPendingOf(tx: Tx, tuples: readonly Relationship[]): Promise<Relationship[]> {
  const rows = await tx.sql<TupleRow>({
    name: 'delivery_pending_of',
    text: `select resource_type, resource_id, relation, subject_type, subject_id, subject_relation, expires_at
           from hub.relationship_outbox where resource_id = any ($1::uuid[])`,
    values: [tuples.map(({ resource }) => resource.id)],
  })
  return rows.map(toTuple)
}

export function deletePending(seqs: readonly string[]) {
  return build.deleteFrom('hub.relationship_outbox').where(sql<boolean>`seq = any(${seqs}::bigint[])`)
}

export function deleteAllPending() {
  return build.deleteFrom('hub.relationship_outbox')
}

/** Keeps the token on the gates, as that of the newest delivery, and raises them, in the order in which everybody raises gates. */
export function storeToken(tx: Tx, gateIds: readonly string[], token: string): Promise<unknown> {
  return tx.sql({
    name: 'delivery_store_token',
    text: `with delivery as (select nextval('hub.zed_delivery') as number),
             locked as (select id from hub.gate where id = any ($1::uuid[]) order by id for update)
           update hub.gate gate set zed_token = $2, zed_delivery = delivery.number, epoch = epoch + 1
           from locked, delivery where gate.id = locked.id`,
    values: [gateIds, token],
  })
}

export function listGatesWithToken(after: string, limit: number) {
  return build.selectFrom('hub.gate').select('id').where('zed_token', 'is not', null).where('id', '>', after).orderBy('id').limit(limit)
}

/** Whether relationships are kept for SpiceDB, and whether there is anything yet that they could be about. */
export async function findKeeping(db: Db): Promise<{ isKept: boolean; isFresh: boolean }> {
  const [row] = await db.sql<{ isKept: boolean; isFresh: boolean }>({
    name: 'delivery_find_keeping',
    text: `select exists (select from hub.spicedb) as "isKept", not exists (select from hub.gate) as "isFresh"`,
    values: [],
  })
  return row!
}

/** Waits for the writers in flight, who do not keep what they change for SpiceDB; those after it do. */
export const holdWriters = { name: '', text: 'lock table hub.relationship in share mode', values: [] }

export function insertKeeping(installationId: string, since: Date) {
  return build
    .insertInto('hub.spicedb')
    .values({ installation_id: installationId, since })
    .onConflict((conflict) => conflict.doNothing())
}

export function deleteKeeping() {
  return build.deleteFrom('hub.spicedb')
}

/** A page of a type's tuples that end after `until` or never, in the order of SpiceDB's own lists. For the tables' owner. */
export function listRelationships(resourceType: string, after: readonly string[], { until, limit }: { until: Date; limit: number }) {
  return {
    name: 'delivery_list_relationships',
    text: `select resource_type, resource_id, relation, subject_type, subject_id, subject_relation, expires_at from hub.relationship
           where resource_type = $1 and (expires_at is null or expires_at > $2)
             and (resource_id, relation collate "C", subject_type collate "C", subject_id, subject_relation collate "C") > ($3, $4, $5, $6, $7)
           order by resource_id, relation collate "C", subject_type collate "C", subject_id, subject_relation collate "C" limit $8`,
    values: [resourceType, until, ...after, limit],
  }
}

/** Those of these tuples that are there. For the tables' owner. */
export function listSameRelationships(tuples: readonly Relationship[]) {
  return {
    name: 'delivery_list_same',
    text: `select r.resource_type, r.resource_id, r.relation, r.subject_type, r.subject_id, r.subject_relation, r.expires_at
           from hub.relationship r join jsonb_populate_recordset(null::hub.relationship, $1::jsonb) asked
             using (resource_type, resource_id, relation, subject_type, subject_id, subject_relation)`,
    values: [JSON.stringify(tuples.map(fromTuple))],
  }
}

export function toTuple(row: TupleRow): Relationship {
  return {
    resource: { type: row.resource_type, id: row.resource_id },
    relation: row.relation,
    subject: { type: row.subject_type, id: row.subject_id, ...(row.subject_relation !== '' && { relation: row.subject_relation }) },
    expiresAt: row.expires_at,
  }
}

function fromTuple({ resource, relation, subject }: Relationship) {
  return {
    resource_type: resource.type,
    resource_id: resource.id,
    relation,
    subject_type: subject.type,
    subject_id: subject.id,
    subject_relation: subject.relation ?? '',
  }
}
