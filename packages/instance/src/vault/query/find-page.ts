import type { PageOf, RequestContext } from '@freehold/authz/request'
import { AppError, type VaultQuery, type VaultRecord } from '@freehold/contract'
import { DatabaseUnavailable, type Db } from '@freehold/db'
import { openHashKey, type VaultDeps } from '../open-collection.ts'
import type { CountedCollection } from '../queries.ts'
import { toRecord } from '../record-answer.ts'
import type { RecordRow } from '../record-queries.ts'
import { decodeCursor, encodeCursor, fingerprintOf, type Position } from './cursor.ts'
import { type Filter, readFilter, readSort, type Sort } from './filter.ts'
import { encodeValue } from './index-key.ts'
import { planCount, planQuery, wantedIndex } from './plan.ts'
import { countAll, countByIndex, type Criteria, listByAge, listByIds, listByIndex, listSortValues } from './select-queries.ts'

// A collection of so many records is searched and sorted whole where no index serves; a larger one never is.
export const smallCollection = 10_000
const mostCounted = 100_000
const statementTimeoutMs = 3000
const defaultLimit = 100

type Asked = { workspaceId: string; collection: CountedCollection; at: '/body' | '/query' }
type Page = { limit: number; after: Position | null }
type Found = { row: RecordRow; position: Position }

/** One page of what a query finds. `at` is where in the request the query stands. */
export async function findPage(
  ctx: RequestContext,
  deps: VaultDeps,
  { workspaceId, collection, query, at }: Asked & { query: VaultQuery },
): Promise<PageOf<VaultRecord>> {
  const filter = readFilter(collection.schema, query.filter, `${at}/filter`)
  const sort = readSort(collection.schema, query.sort, `${at}/sort`)
  const hashKey = await openHashKey(ctx.db, deps, workspaceId, collection)
  const criteria = { workspaceId, collectionId: collection.id, filter, hashKey }
  const plan = planQuery({ schema: collection.schema, indexes: collection.indexes, filter, sort, hashKey })
  const isPlain = (query.filter === undefined || isEmpty(query.filter)) && sort.length === 0
  if (!plan && !isPlain) refuseLarge(collection, filter, sort)

  const how = plan && !isPlain ? `${plan.indexNo} ${plan.isForward}` : sort.length > 0 ? 'sorted' : 'by age'
  const fingerprint = fingerprintOf([collection.id, query.filter ?? {}, sort.map(({ field, dir }) => [field.path, dir]), how])
  const page: Page = {
    limit: query.limit ?? defaultLimit,
    after: query.cursor === undefined ? null : decodeCursor(query.cursor, fingerprint, `${at}/cursor`),
  }
  const db = ctx.reading({ workspaceId, statementTimeoutMs })
  const found = await inTime(() => {
    if (plan && !isPlain) return alongIndex(db, criteria, plan, page)
    return sort.length > 0 ? sorted(db, criteria, sort, page) : byAge(db, criteria, page)
  })
  const shown = found.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    items: shown.map(({ row }) => toRecord(row)),
    next: found.length > page.limit && last ? encodeCursor(fingerprint, last.position) : null,
  }
}

/** How many records a filter finds, or that there are at least so many. */
export async function countFound(
  ctx: RequestContext,
  deps: VaultDeps,
  { workspaceId, collection, filter, at }: Asked & { filter: Record<string, unknown> | undefined },
): Promise<{ count: number; exact: boolean }> {
  if (filter === undefined || isEmpty(filter)) return { count: collection.record_count, exact: true }
  const read = readFilter(collection.schema, filter, `${at}/filter`)
  const hashKey = await openHashKey(ctx.db, deps, workspaceId, collection)
  const criteria = { workspaceId, collectionId: collection.id, filter: read, hashKey }
  const plan = planCount({ schema: collection.schema, indexes: collection.indexes, filter: read, hashKey })
  if (!plan) refuseLarge(collection, read, [])
  const db = ctx.reading({ workspaceId, statementTimeoutMs })
  const most = mostCounted + 1
  const count = await inTime(() => (plan ? countByIndex(db, criteria, plan, most) : countAll(db, criteria, most)))
  return { count: Math.min(count, mostCounted), exact: count <= mostCounted }
}

async function alongIndex(
  db: Db,
  criteria: Criteria,
  plan: NonNullable<ReturnType<typeof planQuery>>,
  { after, limit }: Page,
): Promise<Found[]> {
  const rows = await listByIndex(db, criteria, plan, { after, limit: limit + 1 })
  return rows.map((row) => ({ row, position: { key: row.position, id: row.id } }))
}

async function byAge(db: Db, criteria: Criteria, { after, limit }: Page): Promise<Found[]> {
  const rows = await listByAge(db, criteria, { after: after && after.id, limit: limit + 1 })
  return rows.map((row) => ({ row, position: { key: Buffer.alloc(0), id: row.id } }))
}

/** Sorts a small collection by the same bytes that an index would hold; of equals the newer comes first. */
async function sorted(db: Db, criteria: Criteria, sort: readonly Sort[], { after, limit }: Page): Promise<Found[]> {
  const all = await listSortValues(db, criteria, sort)
  const positions = all.map(({ id, sort_values: values }) => ({
    id,
    key: Buffer.concat(sort.map(({ field, dir }, index) => encodeValue(field.type as 'string', values[index], dir))),
  }))
  positions.sort(compare)
  const start = after ? positions.findIndex((position) => compare(position, after) > 0) : 0
  const page = start < 0 ? [] : positions.slice(start, start + limit + 1)
  const rows = await listByIds(
    db,
    criteria,
    page.map(({ id }) => id),
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  // One that was deleted in between is left out.
  return page.flatMap((position) => (byId.has(position.id) ? [{ row: byId.get(position.id)!, position }] : []))
}

function compare(one: Position, other: Position): number {
  return Buffer.compare(one.key, other.key) || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0)
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0
}

function refuseLarge({ name, record_count: records }: CountedCollection, filter: Filter, sort: readonly Sort[]): void {
  if (records <= smallCollection) return
  const index = wantedIndex(filter, sort)
  const advice = index
    ? `Declare the index ${JSON.stringify(index)} by \`PATCH …/${name}/schema\`, or filter by \`eq\` and sort by the fields of an index that is there.`
    : 'Add a comparison by `eq` with a field that is indexed.'
  throw new AppError(
    'invalid_request',
    `No index of \`${name}\` serves this query, and it has more than ${smallCollection} records. ${advice}`,
    {
      members: { suggested_index: index },
    },
  )
}

/** A statement that was ended because of its length is the query's fault; trying it again would not help. */
async function inTime<R>(read: () => Promise<R>): Promise<R> {
  try {
    return await read()
  } catch (error) {
    const isOutOfTime = error instanceof DatabaseUnavailable && (error.cause as { code?: string } | undefined)?.code === '57014'
    if (!isOutOfTime) throw error
    throw new AppError(
      'invalid_request',
      `The query took longer than ${statementTimeoutMs / 1000} s: it finds few records among many. Declare an index on what it filters by, or narrow it.`,
      { cause: error },
    )
  }
}
