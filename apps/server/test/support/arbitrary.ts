import fc from 'fast-check'
import { type JsonSchema, refine } from './json-schema.ts'

/** Ids that exist, for fields that name one, so that a random request gets past the first look. */
export type KnownIds = (name: string) => string[]

const nasty = [
  '',
  ' ',
  'null',
  '\u0000',
  '\ud800',
  '\u202e',
  '😀',
  "'; drop table hub.workspace; --",
  '%s%n',
  '../../etc/passwd',
  '{{7*7}}',
  'A'.repeat(3000),
  'e\u0301',
  '1e999',
  '-0',
  '__proto__',
]

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...nasty), fc.constantFrom('a\u0000b', 'a\ud800b'))
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  anyText,
  fc.constantFrom<unknown>(null, true, 0, -1, 1e21, 2 ** 53, [], {}, [[]], { constructor: 1 }),
)

/** Values near a schema: mostly such as fit it, some with a fault. */
export function arbitraryOf(schema: JsonSchema, name: string, ids: KnownIds): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: fitting(schema, name, ids), weight: 19 }, { arbitrary: anything, weight: 1 })
}

function fitting(schema: JsonSchema, name: string, ids: KnownIds): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((option) => fitting(option, name, ids)))
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map((variant) => fitting(refine(schema, variant), name, ids)))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.type === 'object') return fittingObject(schema, ids)
  if (schema.type === 'array') return fc.array(arbitraryOf(schema.items ?? {}, name, ids), { maxLength: 3 })
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'integer' || schema.type === 'number')
    return fc.oneof(fc.integer({ min: schema.minimum ?? -10, max: schema.maximum ?? 1000 }), fc.integer())
  if (schema.type === 'string') return fittingText(schema, name, ids)
  return anything
}

function fittingObject(schema: JsonSchema, ids: KnownIds): fc.Arbitrary<unknown> {
  if (!schema.properties) return fc.dictionary(anyText, anything, { maxKeys: 5 })
  const fields = Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, arbitraryOf(property, name, ids)]))
  const exact = fc.record(fields, { requiredKeys: schema.required ?? [] })
  const loose = fc
    .tuple(fc.record(fields, { requiredKeys: [] }), fc.dictionary(anyText, anything, { maxKeys: 2 }))
    .map(([known, unknown]) => ({ ...known, ...unknown }))
  return fc.oneof({ arbitrary: exact, weight: 6 }, { arbitrary: loose, weight: 1 })
}

function fittingText(schema: JsonSchema, name: string, ids: KnownIds): fc.Arbitrary<string> {
  if (schema.format === 'uuid')
    return fc.oneof(
      fc.constantFrom(...ids(name)),
      fc.uuid(),
      fc.constantFrom(...ids(name)).map((id) => id.toUpperCase()),
    )
  if (schema.format === 'date-time')
    return fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom('2026-06-30T23:59:60Z', '2026-01-01t00:00:00z', '9999-12-31T23:59:59.999999+14:00'),
    )
  if (schema.format === 'email') return fc.emailAddress()
  if (schema.pattern?.includes('[a-z0-9]')) return fc.stringMatching(/^[a-z0-9]{2,10}(-[a-z0-9]{1,5})?$/)
  const max = schema.maxLength ?? 60
  const usual = fc.string({ unit: 'grapheme', minLength: schema.minLength ?? 0, maxLength: Math.min(max, 60) })
  return fc.oneof(
    { arbitrary: usual, weight: 6 },
    { arbitrary: usual.map((text) => text.trim() || 'x'), weight: 6 },
    { arbitrary: fc.string({ minLength: max, maxLength: max + 1 }), weight: 1 },
    { arbitrary: anyText, weight: 3 },
  )
}
