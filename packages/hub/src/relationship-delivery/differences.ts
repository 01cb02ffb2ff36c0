import type { Relationship } from '@freehold/authz'
import type { SpiceDb } from '@freehold/authz/spicedb'
import type { OwnerReads } from '@freehold/db'
import { listRelationships, type TupleRow, toTuple } from './queries.ts'

const pageSize = 1000
const first = ['00000000-0000-0000-0000-000000000000', '', '', '00000000-0000-0000-0000-000000000000', '']

export type Sides = { owner: OwnerReads; spicedb: Pick<SpiceDb, 'readAll'>; until: Date }
/** A tuple that only one side has, or each with another expiry; and how many were compared since the one before. */
export type Difference = { compared: number; tuple: Relationship | null }

/**
 * Goes through both sides of a resource type at once, in order, so that neither has to fit memory. Tuples that end before `until`
 * are left out: they may end while they are being compared. The last difference is none and brings the rest of the count.
 */
export async function* findDifferences(sides: Sides, resourceType: string): AsyncGenerator<Difference> {
  const ours = oursOf(sides, resourceType)
  const theirs = theirsOf(sides, resourceType)
  let compared = 0
  try {
    let [left, right] = [await take(ours), await take(theirs)]
    while (left !== undefined || right !== undefined) {
      compared++
      const order = compare(left, right)
      if (order !== 0 || left?.expiresAt?.getTime() !== right?.expiresAt?.getTime()) {
        yield { compared, tuple: (order > 0 ? right : left) ?? null }
        compared = 0
      }
      if (order <= 0) left = await take(ours)
      if (order >= 0) right = await take(theirs)
    }
    yield { compared, tuple: null }
  } finally {
    await Promise.all([ours.return(undefined), theirs.return(undefined)])
  }
}

async function* oursOf({ owner, until }: Sides, resourceType: string): AsyncGenerator<Relationship> {
  for (let after: readonly string[] = first; ;) {
    const rows = await owner.sql<TupleRow>(listRelationships(resourceType, after, { until, limit: pageSize }))
    const tuples = rows.map(toTuple)
    yield* tuples
    const last = tuples.at(-1)
    if (!last || tuples.length < pageSize) return
    after = placeOf(last)
  }
}

async function* theirsOf({ spicedb, until }: Sides, resourceType: string): AsyncGenerator<Relationship> {
  let before: Relationship | undefined
  for await (const page of spicedb.readAll(resourceType)) {
    for (const tuple of page) {
      if (before !== undefined && compare(before, tuple) >= 0) {
        throw new Error(`SpiceDB lists ${resourceType} in another order than by bytes: give its database the collation C`)
      }
      before = tuple
      if (tuple.expiresAt === null || tuple.expiresAt > until) yield tuple
    }
  }
}

async function take<T>(source: AsyncGenerator<T>): Promise<T | undefined> {
  const { value, done } = await source.next()
  return done ? undefined : value
}

/** A side that has come to its end comes behind everything. */
function compare(left: Relationship | undefined, right: Relationship | undefined): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined)
  const [ours, theirs] = [placeOf(left), placeOf(right)]
  for (const [index, part] of ours.entries()) {
    const other = theirs[index] ?? ''
    if (part !== other) return part < other ? -1 : 1
  }
  return 0
}

function placeOf({ resource, relation, subject }: Relationship): string[] {
  return [resource.id, relation, subject.type, subject.id, subject.relation ?? '']
}
