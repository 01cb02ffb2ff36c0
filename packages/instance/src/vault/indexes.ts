import { AppError, type FieldError, type NewVaultIndex, type VaultIndex } from '@freehold/contract'
import { isDeepStrictEqual } from 'node:util'
import { encodeValue } from './query/index-key.ts'
import { fieldAt, type Field, type JsonSchema, sensitiveFields } from './schema/field-types.ts'
import { type Data, valueAt } from './sealing.ts'

/** An index as its collection stores it. `implied` ones come with a sensitive field's equality index. */
export type StoredIndex = {
  no: number
  fields: { field: string; dir: 'asc' | 'desc' }[]
  unique: boolean
  state: 'ready' | 'building'
  implied?: true
}

export type IndexEntry = { index_no: number; key: Buffer; is_unique: boolean }

/** The indexes that are wanted, with faults of those that the schema does not allow. Existing ones keep number and state. */
export function planIndexes(
  schema: JsonSchema,
  wanted: readonly NewVaultIndex[],
  { stored, nextNo, at }: { stored: readonly StoredIndex[]; nextNo: number; at: string },
): { indexes: StoredIndex[]; nextNo: number } {
  const errors: FieldError[] = []
  const definitions: Omit<StoredIndex, 'no' | 'state'>[] = wanted.map(({ fields, unique = false }, index) => {
    fields.forEach(({ field }, place) => {
      const message =
        faultOf(fieldAt(schema, field)) ?? (fields.findIndex((other) => other.field === field) < place ? 'is there before' : null)
      if (message !== null) errors.push({ pointer: `${at}/${index}/fields/${place}/field`, message })
    })
    return { fields: fields.map(({ field, dir = 'asc' }) => ({ field, dir })), unique }
  })
  definitions.forEach((definition, index) => {
    if (definitions.findIndex((other) => isDeepStrictEqual(other.fields, definition.fields)) < index)
      errors.push({ pointer: `${at}/${index}`, message: 'is there before' })
  })
  if (errors.length > 0) {
    const [first] = errors
    throw new AppError('invalid_request', `Mend the indexes: ${first!.pointer} ${first!.message}.`, { errors })
  }
  for (const { path, sensitive } of sensitiveFields(schema)) {
    const isCovered = definitions.some(({ fields }) => fields[0]?.field === path)
    if (sensitive === 'equality' && !isCovered) definitions.push({ fields: [{ field: path, dir: 'asc' }], unique: false, implied: true })
  }
  let next = nextNo
  const indexes = definitions.map((definition) => {
    const same = stored.find((index) => isDeepStrictEqual(index.fields, definition.fields) && index.unique === definition.unique)
    return { no: same?.no ?? next++, ...definition, state: same?.state ?? ('building' as const) }
  })
  return { indexes, nextNo: next }
}

function faultOf(field: Field | 'other' | null): string | null {
  if (field === null) return 'is no field of the schema'
  if (field === 'other') return 'holds no text, number or boolean'
  return field.sensitive === 'hidden' ? 'is sensitive; only one with `"x-sensitive": {"index": "equality"}` can be in an index' : null
}

/** A record's entry in each of the indexes. */
export function entriesOf(
  schema: JsonSchema,
  indexes: readonly StoredIndex[],
  record: { data: Data; hashes: Record<string, string> | null },
): IndexEntry[] {
  return indexes.map(({ no, fields, unique }) => {
    let isWhole = true
    const parts = fields.map(({ field: path, dir }) => {
      const field = fieldAt(schema, path) as Field
      const value = field.sensitive ? record.hashes?.[path] : valueAt(record.data, field.names)
      if (value === undefined || value === null) isWhole = false
      return encodeValue(field.sensitive ? 'hash' : field.type, value, dir)
    })
    return { index_no: no, key: Buffer.concat(parts), is_unique: unique && isWhole }
  })
}

/** Texts too long to be told apart by a unique index, as pointers into the document. */
export function uniqueFaults(schema: JsonSchema, indexes: readonly StoredIndex[], data: Data): FieldError[] {
  const paths = new Set(indexes.filter(({ unique }) => unique).flatMap(({ fields }) => fields.map(({ field }) => field)))
  return [...paths].flatMap((path) => {
    const field = fieldAt(schema, path) as Field
    const value = valueAt(data, field.names)
    const isLong = !field.sensitive && typeof value === 'string' && Buffer.byteLength(value) > 256
    return isLong ? [{ pointer: `/${field.names.join('/')}`, message: 'must be at most 256 bytes, being in a unique index' }] : []
  })
}

export function toIndexAnswer({ fields, unique, state }: StoredIndex): VaultIndex {
  return { fields, unique, state }
}
