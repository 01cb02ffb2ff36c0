import { build, type Db } from '@freehold/db'
import { type Compilable, type RawBuilder, sql } from 'kysely'
import { type CollectionPlace, recordColumns, type RecordRow } from '../record-queries.ts'
import type { Field } from '../schema/field-types.ts'
import { hashValue } from '../sealing.ts'
import type { Position } from './cursor.ts'
import type { Filter, Leaf, Sort } from './filter.ts'
import type { IndexPlan, Scan } from './plan.ts'

export type Criteria = CollectionPlace & { filter: Filter; hashKey: Buffer | null }
export type FoundRecord = RecordRow & { position: Buffer }

/** Along the ranges of an index, in its order; no more than `limit`. */
export async function listByIndex(
  db: Db,
  criteria: Criteria,
  plan: IndexPlan,
  { after, limit }: { after: Position | null; limit: number },
): Promise<FoundRecord[]> {
  const direction = sql.raw(plan.isForward ? 'asc' : 'desc')
  const parts = plan.scans.map(
    (scan) => sql<FoundRecord>`(select ${found}, ${positionOf(scan)} as position
      from instance.vault_index_entry e cross join lateral (${matching(criteria)}) r
      where ${rangeOf(criteria, plan, scan)} ${after ? behind(plan, scan, after) : sql``}
      order by e.key ${direction}, e.record_id ${direction} limit ${sql.raw(String(limit))})`,
  )
  if (parts.length === 1) return db.rows(compiled(parts[0]!))
  return db.rows(
    compiled(sql<FoundRecord>`select * from (${sql.join(parts, sql` union all `)}) as found
      order by position ${direction}, id ${direction} limit ${sql.raw(String(limit))}`),
  )
}

/** How many there are, counting no further than `most`. Where the keys tell all, no record is looked at. */
export async function countByIndex(db: Db, criteria: Criteria, plan: IndexPlan & { isExact: boolean }, most: number): Promise<number> {
  const records = plan.isExact ? sql`` : sql`cross join lateral (${matching(criteria)}) r`
  const parts = plan.scans.map(
    (scan) =>
      sql`(select 1 from instance.vault_index_entry e ${records} where ${rangeOf(criteria, plan, scan)} limit ${sql.raw(String(most))})`,
  )
  return countOf(db, sql.join(parts, sql` union all `))
}

export async function countAll(db: Db, criteria: Criteria, most: number): Promise<number> {
  return countOf(
    db,
    sql`select 1 from instance.vault_record r where ${inCollection(criteria)} and ${condition(criteria)} limit ${sql.raw(String(most))}`,
  )
}

async function countOf(db: Db, rows: RawBuilder<unknown>): Promise<number> {
  const [row] = await db.rows(compiled(sql<{ count: string }>`select count(*) as count from (${rows}) as counted`))
  return Number(row!.count)
}

/** Newest first. */
export async function listByAge(
  db: Db,
  criteria: Criteria,
  { after, limit }: { after: string | null; limit: number },
): Promise<RecordRow[]> {
  return db.rows(
    compiled(sql<RecordRow>`select ${found} from instance.vault_record r
      where ${inCollection(criteria)} and ${condition(criteria)} ${after === null ? sql`` : sql`and r.id < ${after}`}
      order by r.id desc limit ${sql.raw(String(limit))}`),
  )
}

/** Ids and the values to sort by, of a collection that is small enough to be sorted whole. */
export async function listSortValues(db: Db, criteria: Criteria, sort: readonly Sort[]): Promise<{ id: string; sort_values: unknown[] }[]> {
  const values = sql.join(sort.map(({ field }) => sql`r.data #> ${field.names}::text[]`))
  return db.rows(
    compiled(sql<{
      id: string
      sort_values: unknown[]
    }>`select r.id, jsonb_build_array(${values}) as sort_values from instance.vault_record r
      where ${inCollection(criteria)} and ${condition(criteria)}`),
  )
}

export async function listByIds(db: Db, { workspaceId, collectionId }: CollectionPlace, ids: readonly string[]): Promise<RecordRow[]> {
  return db.rows(
    build
      .selectFrom('instance.vault_record')
      .select(recordColumns)
      .where('workspace_id', '=', workspaceId)
      .where('collection_id', '=', collectionId)
      .where(sql<boolean>`id = any (${ids}::uuid[])`),
  )
}

const found = sql.raw(recordColumns.map((column) => `r.${column}`).join(', '))

function compiled<Row>(statement: RawBuilder<Row>): Compilable<Row> {
  return { compile: () => statement.compile(build) }
}

/**
 * The entry's record, if it is one that is wanted. `offset 0` keeps the planner from turning the walk along the index, which ends at
 * the limit, into a join of everything.
 */
function matching(criteria: Criteria): RawBuilder<unknown> {
  return sql`select ${found} from instance.vault_record r
    where r.workspace_id = e.workspace_id and r.collection_id = e.collection_id and r.id = e.record_id and ${condition(criteria)} offset 0`
}

function rangeOf({ workspaceId, collectionId }: Criteria, { indexNo }: IndexPlan, { lower, upper }: Scan): RawBuilder<unknown> {
  return sql`e.workspace_id = ${workspaceId} and e.collection_id = ${collectionId} and e.index_no = ${indexNo}
    and e.key >= ${lower} ${upper ? sql`and e.key < ${upper}` : sql``}`
}

function behind({ isForward }: IndexPlan, { lower, fixed }: Scan, { key, id }: Position): RawBuilder<unknown> {
  const at = Buffer.concat([lower.subarray(0, fixed), key])
  return isForward ? sql`and (e.key, e.record_id) > (${at}, ${id}::uuid)` : sql`and (e.key, e.record_id) < (${at}, ${id}::uuid)`
}

function positionOf({ fixed }: Scan): RawBuilder<Buffer> {
  return sql<Buffer>`substring(e.key from ${sql.raw(String(fixed + 1))})`
}

function inCollection({ workspaceId, collectionId }: Criteria): RawBuilder<unknown> {
  return sql`r.workspace_id = ${workspaceId} and r.collection_id = ${collectionId}`
}

/** A filter as SQL. Names and values are parameters, all of them. */
function condition({ filter, hashKey }: Criteria): RawBuilder<boolean> {
  function of(part: Filter): RawBuilder<boolean> {
    if (part.kind === 'not') return sql<boolean>`(not ${of(part.of)})`
    if (part.kind === 'leaf') return leafCondition(part, hashKey)
    if (part.of.length === 0) return sql<boolean>`true`
    return sql<boolean>`(${sql.join(part.of.map(of), part.kind === 'and' ? sql` and ` : sql` or `)})`
  }
  return of(filter)
}

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function leafCondition({ field, op, value }: Leaf, hashKey: Buffer | null): RawBuilder<boolean> {
  if (op === 'ne') return sql<boolean>`(not ${leafCondition({ kind: 'leaf', field, op: 'eq', value }, hashKey)})`
  if (value === null) return sql<boolean>`(coalesce(jsonb_typeof(r.data #> ${field.names}::text[]), 'null') = 'null')`
  if (field.sensitive) {
    const hashes = [value].flat().map((item) => (hashKey ? hashValue(hashKey, field.path, item) : ''))
    return sql<boolean>`coalesce(r.hashes ->> ${field.path}::text = any (${hashes}::text[]), false)`
  }
  const own = valueOf(field)
  if (op === 'eq' || op === 'in') return sql<boolean>`coalesce(${own} = any (${[value].flat()}::${typeOf(field)}[]), false)`
  if (op === 'prefix') return sql<boolean>`coalesce(starts_with(${own}, ${value}::text), false)`
  return sql<boolean>`coalesce(${own} ${sql.raw(operators[op])} ${value}::${typeOf(field)}, false)`
}

// By bytes, as the keys of indexes sort. The type is looked at first: a cast must meet no text.
function valueOf({ names, type }: Field): RawBuilder<unknown> {
  if (type === 'string') return sql`(r.data #>> ${names}::text[]) collate "C"`
  const name = sql.lit(type)
  return sql`(case when jsonb_typeof(r.data #> ${names}::text[]) = ${name} then (r.data #>> ${names}::text[])::${typeOf({ type })} end)`
}

function typeOf({ type }: Pick<Field, 'type'>): RawBuilder<unknown> {
  return sql.raw({ string: 'text', number: 'float8', boolean: 'boolean' }[type])
}
