import type { StoredIndex } from '../indexes.ts'
import { type Field, fieldAt, type JsonSchema } from '../schema/field-types.ts'
import { hashValue } from '../sealing.ts'
import { conjunctsOf, type Filter, type Leaf, type Scalar, type Sort } from './filter.ts'
import { type Bound, encodeValue, type KeyRange, longestText, startingWith, within } from './index-key.ts'

/** One range of an index; `fixed` bytes of its keys are the same in all of it, what follows is the order. */
export type Scan = KeyRange & { fixed: number }
/** How records are found: along ranges of one index, which together are in the wanted order. */
export type IndexPlan = { indexNo: number; isForward: boolean; scans: Scan[] }

type Wish = { schema: JsonSchema; indexes: readonly StoredIndex[]; filter: Filter; sort: readonly Sort[]; hashKey: Buffer | null }

const mostScans = 20
const boundOps = ['lt', 'lte', 'gt', 'gte', 'prefix']

/**
 * The index that finds the records in the wanted order: first come fields that the filter fixes, then, exactly, those of the sort.
 * Records without a sort are wanted newest first, as entries of equal keys are. Null where there is none.
 */
export function planQuery(wish: Wish): IndexPlan | null {
  const leaves = leavesOf(wish.filter)
  const fixed = new Set(leaves.filter(({ op }) => op === 'eq').map(({ field }) => field.path))
  const sort = wish.sort.filter(({ field }) => !fixed.has(field.path))
  let best: { plan: IndexPlan; fixed: number } | null = null
  for (const index of wish.indexes) {
    if (index.state !== 'ready') continue
    const start = index.fields.length - sort.length
    if (start < 0) continue
    const ordered = index.fields.slice(start)
    if (ordered.some(({ field }, place) => field !== sort[place]!.field.path)) continue
    const turned = ordered.map(({ dir }, place) => dir !== sort[place]!.dir)
    if (new Set(turned).size > 1) continue
    const scans = scansOf(wish, index, { leaves, start, end: index.fields.length })
    if (!scans || (best && best.fixed >= start)) continue
    best = { plan: { indexNo: index.no, isForward: turned.length > 0 && !turned[0], scans }, fixed: start }
  }
  return best?.plan ?? null
}

/** The index that narrows a count best, whatever its order. */
export function planCount(wish: Omit<Wish, 'sort'>): (IndexPlan & { isExact: boolean }) | null {
  const leaves = leavesOf(wish.filter)
  let best: { plan: IndexPlan & { isExact: boolean }; used: number } | null = null
  for (const index of wish.indexes) {
    if (index.state !== 'ready') continue
    for (let start = index.fields.length; start >= 0; start--) {
      const isBounded = leaves.some(({ field, op }) => boundOps.includes(op) && field.path === index.fields[start]?.field)
      const used = start + (isBounded ? 0.5 : 0)
      if (used === 0 || (best && best.used >= used)) continue
      const scans = scansOf({ ...wish, sort: [] }, index, { leaves, start, end: index.fields.length })
      if (scans) best = { plan: { indexNo: index.no, isForward: true, scans, isExact: isExact(wish.filter, index, start) }, used }
    }
  }
  return best?.plan ?? null
}

/** Whether the keys alone tell which records are meant: each part of the filter is about another field of the range, and no text is cut. */
function isExact(filter: Filter, index: StoredIndex, start: number): boolean {
  const parts = conjunctsOf(filter)
  const next = index.fields[start]?.field
  const isWhole = parts.every((part) => {
    if (part.kind !== 'leaf' || [part.value].flat().some((value) => typeof value === 'string' && Buffer.byteLength(value) >= longestText))
      return false
    const isFixed = (part.op === 'eq' || part.op === 'in') && index.fields.slice(0, start).some(({ field }) => field === part.field.path)
    return isFixed || (boundOps.includes(part.op) && part.field.path === next)
  })
  const fixed = parts.filter((part) => part.kind === 'leaf' && part.field.path !== next)
  return isWhole && fixed.length === start
}

function leavesOf(filter: Filter): Leaf[] {
  return conjunctsOf(filter).filter((part) => part.kind === 'leaf')
}

/** The ranges in which the fields before `start` have the values that the filter fixes, and the next is within its bounds. */
function scansOf(wish: Wish, index: StoredIndex, { leaves, start, end }: { leaves: Leaf[]; start: number; end: number }): Scan[] | null {
  let prefixes: Buffer[] = [Buffer.alloc(0)]
  for (const { field: path, dir } of index.fields.slice(0, start)) {
    const leaf =
      leaves.find(({ field, op }) => field.path === path && op === 'eq') ??
      leaves.find(({ field, op }) => field.path === path && op === 'in')
    if (!leaf) return null
    const values = leaf.op === 'in' ? [...new Set(leaf.value as Scalar[])] : [leaf.value as Scalar]
    if (prefixes.length * values.length > mostScans) return null
    const encoded = values.map((value) => encodeFixed(wish, leaf.field, value, dir))
    prefixes = prefixes.flatMap((prefix) => encoded.map((bytes) => Buffer.concat([prefix, bytes])))
  }
  // Texts that begin alike have one key; each range is read once.
  const distinct = [...new Map(prefixes.map((prefix) => [prefix.toString('hex'), prefix])).values()]
  const next = start < end ? index.fields[start] : undefined
  const bounds = leaves.filter(({ field, op }) => field.path === next?.field && boundOps.includes(op))
  return distinct.map((prefix) => ({ ...rangeOf(wish.schema, prefix, next, bounds), fixed: prefix.length }))
}

function rangeOf(schema: JsonSchema, prefix: Buffer, next: StoredIndex['fields'][number] | undefined, leaves: readonly Leaf[]): KeyRange {
  if (!next || leaves.length === 0) return startingWith(prefix)
  const { type } = fieldAt(schema, next.field) as Field
  const bounds = leaves.map(({ op, value }) => ({ op, value }) as Bound)
  return within(prefix, type, next.dir, bounds)
}

function encodeFixed({ hashKey }: Wish, field: Field, value: Scalar, dir: 'asc' | 'desc'): Buffer {
  if (!field.sensitive) return encodeValue(field.type, value, dir)
  return encodeValue('hash', hashKey && hashValue(hashKey, field.path, value), dir)
}

/** The index that would serve a query; null where none could. */
export function wantedIndex(filter: Filter, sort: readonly Sort[]): { fields: { field: string; dir: 'asc' | 'desc' }[] } | null {
  const leaves = leavesOf(filter)
  const fixed = [...new Set(leaves.filter(({ op }) => op === 'eq' || op === 'in').map(({ field }) => field.path))]
  const ordered = sort.filter(({ field }) => !fixed.includes(field.path)).map(({ field, dir }) => ({ field: field.path, dir }))
  const fields = [...fixed.slice(0, 4 - ordered.length).map((field) => ({ field, dir: 'asc' as const })), ...ordered]
  return fields.length > 0 ? { fields } : null
}
