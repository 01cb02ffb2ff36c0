import { type AnyRoute, isMutation } from '@freehold/contract'
import type { JsonSchema } from './json-schema.ts'
import type { Sample } from './inputs.ts'

/** A request with faults, and the pointers that the answer must name. */
export type Malformed = { what: string; change: Partial<Sample>; pointers: string[] }

const notIds = ['not-a-uuid', 'urn:uuid:01900000-0000-7000-8000-000000000000', '01900000000070008000000000000000', '%00']

/** Every way that we know to get a request wrong, made from the route's schemas. */
export function malformedRequests(route: AnyRoute, sample: Sample): Malformed[] {
  return [...inParams(route, sample), ...inQuery(route, sample), ...(route.body ? inBody(route.body, sample.body) : bodyUnwanted(route))]
}

function inParams(route: AnyRoute, { params }: Sample): Malformed[] {
  return Object.keys(params).flatMap((name) =>
    wrongParams((route.params as JsonSchema | undefined)?.properties?.[name]).map((value) => ({
      what: `path ${name}=${value.slice(0, 40)}`,
      change: { params: { ...params, [name]: value } },
      pointers: [`/params/${name}`],
    })),
  )
}

function wrongParams({ format, maxLength = 0 }: JsonSchema = {}): string[] {
  return format === 'uuid' ? notIds : ['a b', 'a\u0000b', 'x'.repeat(maxLength + 1)]
}

function inQuery(route: AnyRoute, { query }: Sample): Malformed[] {
  const properties = (route.query as JsonSchema | undefined)?.properties ?? {}
  const wrong = Object.entries(properties).flatMap(([name, schema]) => wrongTexts(schema).map((value) => ({ name, value })))
  wrong.push({ name: 'no_such_parameter', value: '1' }, { name: 'dry_run', value: 'maybe' })
  if (!isMutation(route)) wrong.push({ name: 'dry_run', value: 'true' })
  const each = wrong.map(({ name, value }) => ({
    what: `query ${name}=${value.slice(0, 40)}`,
    change: { query: { ...query, [name]: value } },
    pointers: [`/query/${name}`],
  }))
  const names = [...new Set(wrong.map(({ name }) => name).filter((name) => name !== 'dry_run'))]
  const all = Object.fromEntries(names.map((name) => [name, wrong.find((entry) => entry.name === name)!.value]))
  return [...each, { what: 'every fault of the query at once', change: { query: all }, pointers: names.map((name) => `/query/${name}`) }]
}

function wrongTexts(schema: JsonSchema): string[] {
  if (schema.enum) return ['no-such-value']
  if (schema.type === 'integer') return [String((schema.minimum ?? 0) - 1), String((schema.maximum ?? 1e9) + 1), 'abc', '1.5', '']
  if (schema.format === 'uuid') return notIds
  if (schema.format === 'date-time') return ['yesterday', '2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z']
  return ['a\u0000b', ...(schema.maxLength ? ['x'.repeat(schema.maxLength + 1)] : [])]
}

function inBody(schema: JsonSchema, valid: unknown): Malformed[] {
  const body = (change: unknown, what: string, ...pointers: string[]): Malformed => ({ what, change: { body: change }, pointers })
  const whole = [
    body([], 'an array', '/body'),
    body('"text"', 'a text', '/body'),
    body('7', 'a number', '/body'),
    // Where every field may be left out, so may the body.
    ...(schema.required?.length || schema.minProperties ? [body('null', 'null', '/body'), body('', 'no body', '/body')] : []),
  ]
  if (schema.type !== 'object' || !schema.properties) return whole
  const object = valid as Record<string, unknown>
  const without = (name: string) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))
  const required = schema.required ?? []
  const checkable = Object.entries(schema.properties).filter(([, property]) => wrongValues(property).length > 0)
  const unknownFields = { no_such_field: 1, 'a/b~c': 2, constructor: 3, toString: 4 }
  return [
    ...whole,
    ...required.map((name) => body(without(name), `${name} missing`, `/body/${name}`)),
    body({}, 'an empty object', ...(required.length === 0 && schema.minProperties ? ['/body'] : required.map((name) => `/body/${name}`))),
    body({ ...object, ...unknownFields }, 'unknown fields', '/body/no_such_field', '/body/a~1b~0c', '/body/constructor', '/body/toString'),
    ...Object.entries(schema.properties).flatMap(([name, property]) =>
      wrongValues(property).map((value) =>
        body({ ...object, [name]: value }, `${name}=${JSON.stringify(value).slice(0, 60)}`, `/body/${name}`),
      ),
    ),
    body(
      { ...object, ...Object.fromEntries(checkable.map(([name, property]) => [name, wrongValues(property)[0]])) },
      'every field wrong at once',
      ...checkable.map(([name]) => `/body/${name}`),
    ),
  ].filter(({ pointers }) => pointers.length > 0)
}

function wrongValues(schema: JsonSchema): unknown[] {
  if (schema.anyOf) return wrongValues(schema.anyOf[0]!).filter((value) => value !== null)
  if (schema.enum) return ['no-such-value', 7, null]
  if (schema.type === 'integer')
    return [
      '1',
      1.5,
      true,
      ...(schema.minimum === undefined ? [] : [schema.minimum - 1]),
      ...(schema.maximum === undefined ? [] : [schema.maximum + 1]),
    ]
  if (schema.type === 'boolean') return ['true', 1, null]
  if (schema.type === 'object') return ['text', [], 7]
  if (schema.type !== 'string') return []
  return [
    7,
    null,
    { $ne: 1 },
    ['x'],
    ...(schema.format === 'uuid' ? notIds : ['a\u0000b', 'a\ud800b']),
    ...(schema.minLength || schema.pattern ? [''] : []),
    ...(schema.pattern ? [' '] : []),
    ...(schema.maxLength ? ['x'.repeat(schema.maxLength + 1)] : []),
  ]
}

function bodyUnwanted(route: AnyRoute): Malformed[] {
  return route.method === 'GET' || route.takes
    ? []
    : [{ what: 'a body where none is taken', change: { body: { any: 1 } }, pointers: ['/body'] }]
}
