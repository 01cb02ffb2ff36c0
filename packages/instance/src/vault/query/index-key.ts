import type { ScalarType } from '../schema/field-types.ts'

/** A range of keys: from `lower` on, and below `upper`. */
export type KeyRange = { lower: Buffer; upper: Buffer | null }
export type Dir = 'asc' | 'desc'

// Longer texts sort by their beginning; filters compare them whole all the same.
export const longestText = 256
const present = 0x01
const absent = 0x02

/**
 * A value as bytes that sort as values do, absent ones last; for `desc` every byte is turned over. No encoding is the beginning of
 * another of its type, so that fields can be put one behind the other.
 */
export function encodeValue(type: ScalarType | 'hash', value: unknown, dir: Dir): Buffer {
  return turned(value === undefined || value === null ? Buffer.of(absent) : encodePresent(type, value), dir)
}

function encodePresent(type: ScalarType | 'hash', value: unknown): Buffer {
  if (type === 'boolean') return Buffer.of(present, value === true ? 1 : 0)
  if (type === 'hash') return Buffer.concat([Buffer.of(present), Buffer.from(value as string, 'hex')])
  if (type === 'number') return encodeNumber(value as number)
  return Buffer.concat([Buffer.of(present), textBytes(value as string), Buffer.of(0)])
}

/** IEEE 754, with the sign bit turned over for positive numbers and all bits for negative ones. */
function encodeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(9)
  bytes[0] = present
  bytes.writeDoubleBE(value === 0 ? 0 : value, 1)
  if (bytes[1]! & 0x80) for (let index = 1; index < 9; index++) bytes[index] = ~bytes[index]! & 0xff
  else bytes[1] = bytes[1]! | 0x80
  return bytes
}

function textBytes(text: string): Buffer {
  return Buffer.from(text.slice(0, longestText + 1), 'utf8').subarray(0, longestText)
}

function turned(bytes: Buffer, dir: Dir): Buffer {
  if (dir === 'desc') for (let index = 0; index < bytes.length; index++) bytes[index] = ~bytes[index]! & 0xff
  return bytes
}

/** The least bytes behind everything that begins with these; null where there are none. */
function behind(bytes: Buffer): Buffer | null {
  for (let length = bytes.length; length > 0; length--) {
    if (bytes[length - 1] === 0xff) continue
    const next = Buffer.from(bytes.subarray(0, length))
    next[length - 1] = next[length - 1]! + 1
    return next
  }
  return null
}

/** All keys that begin with these bytes. */
export function startingWith(prefix: Buffer): KeyRange {
  return { lower: prefix, upper: behind(prefix) }
}

export type Bound = { op: 'lt' | 'lte' | 'gt' | 'gte' | 'prefix'; value: string | number }

/** The keys behind `prefix` whose next field is within the bounds; absent values are in none. */
export function within(prefix: Buffer, type: ScalarType, dir: Dir, bounds: readonly Bound[]): KeyRange {
  let { lower, upper } = startingWith(Buffer.concat([prefix, turned(Buffer.of(present), dir)]))
  const raise = (bytes: Buffer | null) => {
    if (bytes && Buffer.compare(bytes, lower) > 0) lower = bytes
  }
  const sink = (bytes: Buffer | null) => {
    if (bytes && (!upper || Buffer.compare(bytes, upper) < 0)) upper = bytes
  }
  for (const { op, value } of bounds) {
    if (op === 'prefix') {
      const beginning = turned(Buffer.concat([Buffer.of(present), textBytes(value as string)]), dir)
      const range = startingWith(Buffer.concat([prefix, beginning]))
      raise(range.lower)
      sink(range.upper)
      continue
    }
    const exact = startingWith(Buffer.concat([prefix, encodeValue(type, value, dir)]))
    // What is cut off could be on either side, so its keys stay in and the filter tells them apart.
    const isCut = typeof value === 'string' && Buffer.byteLength(value) > longestText
    const isUpper = (op === 'lt' || op === 'lte') === (dir === 'asc')
    const isInclusive = op === 'lte' || op === 'gte' || isCut
    if (isUpper) sink(isInclusive ? exact.upper : exact.lower)
    else raise(isInclusive ? exact.lower : exact.upper)
  }
  return { lower, upper }
}
