import type { FieldError } from '@freehold/contract'
import { definitionAt, isObject, type JsonSchema } from './field-types.ts'

const mostBytes = 64 * 1024
const deepest = 32
const longestPattern = 500
// References may be used again and again; a schema that unfolds without bound would cost without bound.
const mostUnfolded = 5000

const dialect = 'https://json-schema.org/draft/2020-12/schema'
// What leads out of the document, or in ways that cannot be followed beforehand.
const refusedKeywords = ['$id', '$anchor', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor', '$vocabulary', 'id']

const bySchema = ['properties', 'patternProperties', '$defs', 'dependentSchemas']
const byItem = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const single = [
  'items',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
]

type Part = { schema: unknown; pointer: string; keyword: string }

/** What of a schema is beyond our dialect, with pointers into the schema. Whether it is JSON Schema at all is for the compiler. */
export function checkSchema(schema: JsonSchema): FieldError[] {
  if (Buffer.byteLength(JSON.stringify(schema)) > mostBytes) return [{ pointer: '', message: 'must be at most 64 KiB' }]
  const errors: FieldError[] = []
  const fault = (pointer: string, message: string) => errors.push({ pointer, message })
  if (schema['type'] !== 'object') fault('/type', 'must be `object`')
  if (schema['$schema'] !== undefined && schema['$schema'] !== dialect) fault('/$schema', `must be ${dialect}, or absent`)

  function walk(at: unknown, pointer: string, depth: number, isFieldPath: boolean): void {
    if (!isObject(at)) return
    if (depth > deepest) return void fault(pointer, `is nested deeper than ${deepest} levels`)
    for (const keyword of refusedKeywords) if (keyword in at) fault(`${pointer}/${keyword}`, 'is not supported here')
    if ('$ref' in at && (typeof at['$ref'] !== 'string' || !definitionAt(schema, at['$ref'])))
      fault(`${pointer}/$ref`, 'must lead to `#/$defs/<name>` of this schema')
    for (const pattern of patternsOf(at)) checkPattern(pattern, pointer, fault)
    if ('x-sensitive' in at) checkSensitive(at, pointer, isFieldPath, fault)
    for (const part of partsOf(at)) walk(part.schema, pointer + part.pointer, depth + 1, isFieldPath && part.keyword === 'properties')
  }
  walk(schema, '', 0, true)
  if (errors.length === 0 && !unfoldsWithin(schema)) fault('/$defs', 'must not refer to themselves, nor unfold to more than 5000 parts')
  return errors
}

type Fault = (pointer: string, message: string) => void

function patternsOf(at: JsonSchema): { text: unknown; pointer: string }[] {
  const { pattern, patternProperties } = at
  const names = isObject(patternProperties) ? Object.keys(patternProperties) : []
  return [
    ...(pattern === undefined ? [] : [{ text: pattern, pointer: '/pattern' }]),
    ...names.map((text) => ({ text, pointer: '/patternProperties' })),
  ]
}

function checkPattern({ text, pointer }: { text: unknown; pointer: string }, at: string, fault: Fault): void {
  if (typeof text !== 'string') return
  if (text.length > longestPattern) fault(at + pointer, `must be at most ${longestPattern} characters`)
  try {
    RegExp(text, 'u')
  } catch {
    fault(at + pointer, 'must be a regular expression of ECMA-262 with the flag `u`')
  }
}

function checkSensitive(at: JsonSchema, pointer: string, isFieldPath: boolean, fault: Fault): void {
  const { 'x-sensitive': mark, type } = at
  const isEquality = isObject(mark) && Object.keys(mark).length === 1 && mark['index'] === 'equality'
  if (mark !== true && !isEquality) fault(`${pointer}/x-sensitive`, 'must be `true` or `{"index": "equality"}`')
  if (!isFieldPath || pointer === '')
    fault(`${pointer}/x-sensitive`, 'must stand on a field that `properties` alone lead to: in no array, alternative or definition')
  const types = [type].flat().filter((name) => name !== 'null')
  if (types.length !== 1 || !['string', 'number', 'integer'].includes(String(types[0])))
    fault(`${pointer}/type`, 'must be `string`, `number` or `integer` for a sensitive field')
  if (/[.]/.test(pointer)) fault(pointer, 'must have no dot in its name, being sensitive')
}

/** The schemas right inside of one. */
export function partsOf(at: JsonSchema): Part[] {
  const parts: Part[] = []
  for (const keyword of bySchema) {
    const inner = at[keyword]
    if (isObject(inner))
      for (const [name, schema] of Object.entries(inner)) parts.push({ schema, pointer: `/${keyword}/${escape(name)}`, keyword })
  }
  for (const keyword of byItem) {
    const inner = at[keyword]
    if (Array.isArray(inner)) inner.forEach((schema, index) => parts.push({ schema, pointer: `/${keyword}/${index}`, keyword }))
  }
  for (const keyword of single) if (isObject(at[keyword])) parts.push({ schema: at[keyword], pointer: `/${keyword}`, keyword })
  return parts
}

function unfoldsWithin(root: JsonSchema): boolean {
  let left = mostUnfolded
  function unfold(at: unknown, within: readonly string[]): boolean {
    if (!isObject(at)) return true
    if (--left < 0) return false
    const reference = at['$ref']
    if (typeof reference === 'string') {
      if (within.includes(reference)) return false
      if (!unfold(definitionAt(root, reference), [...within, reference])) return false
    }
    return partsOf(at).every((part) => part.keyword === '$defs' || unfold(part.schema, within))
  }
  return unfold(root, [])
}

/** A name as a part of a JSON pointer. */
export function escape(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
