import { isDeepStrictEqual } from 'node:util'
import { escape } from './check-schema.ts'
import { isObject, type JsonSchema } from './field-types.ts'

/** A difference by which a schema may refuse what another one takes. */
export type Narrowing = {
  /** JSON pointer into a record; `*` stands for every item. */
  path: string
  what: string
  /** Only where a record already holds the field, which was not named before. */
  ifHeld?: true
}

const annotations = new Set(['title', 'description', 'default', 'examples', '$comment', '$schema', 'deprecated', 'readOnly', 'writeOnly'])
const atLeast = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'])
const atMost = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'])

/**
 * Where the new schema may refuse what the old one takes; nothing where it surely takes it all: fields added as optional, types and
 * enums widened, bounds relaxed. What cannot be told is taken for narrower, so this may err on one side only.
 */
export function narrowings(before: JsonSchema, after: JsonSchema, path = ''): Narrowing[] {
  const found: Narrowing[] = []
  const say = (what: string) => void found.push({ path: path || '/', what })
  for (const keyword of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[keyword], after[keyword]]
    if (isDeepStrictEqual(was, is) || annotations.has(keyword)) continue
    if (keyword === 'x-sensitive') say('what is sensitive has changed')
    else if (keyword.startsWith('x-')) continue
    else if (keyword === 'properties') found.push(...propertyNarrowings(before, after, path))
    else if (keyword === 'additionalProperties' && isPlain(was) && isPlain(is)) {
      if (is === false) say('fields that are not named are refused now')
    } else if (keyword === 'items' && isObject(was) && isObject(is)) found.push(...narrowings(was, is, `${path}/*`))
    else if (is === undefined && isConstraint(keyword)) continue
    else if (keyword === 'type') {
      if (!widensType(was, is)) say(`the type is ${nameOf(is)} now, and was ${nameOf(was)}`)
    } else if (keyword === 'required') {
      const added = listOf(is).filter((name) => !listOf(was).includes(name))
      for (const name of added) found.push({ path: `${path}/${escape(String(name))}`, what: 'is required now' })
    } else if (keyword === 'enum') {
      const removed =
        was === undefined ? ['any'] : listOf(was).filter((value) => !listOf(is).some((other) => isDeepStrictEqual(value, other)))
      if (removed.length > 0) say('fewer values are allowed')
    } else if (atLeast.has(keyword)) {
      if (!(typeof was === 'number' && typeof is === 'number' && is <= was)) say(`${keyword} has risen`)
    } else if (atMost.has(keyword)) {
      if (!(typeof was === 'number' && typeof is === 'number' && is >= was)) say(`${keyword} has fallen`)
    } else if (keyword === '$defs' && !mentions(before) && !mentions(after)) continue
    else say(`${keyword} has changed`)
  }
  return found
}

function propertyNarrowings(before: JsonSchema, after: JsonSchema, path: string): Narrowing[] {
  const [was, is] = [propertiesOf(before), propertiesOf(after)]
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) => {
    const at = `${path}/${escape(name)}`
    const [old, young] = [was[name], is[name]]
    if (old !== undefined && young !== undefined)
      return isObject(old) && isObject(young)
        ? narrowings(old, young, at)
        : old === young || young === true
          ? []
          : [{ path: at, what: 'has changed' }]
    // Records may hold it already where unnamed fields were taken.
    if (old === undefined)
      return before['additionalProperties'] === false || young === true
        ? []
        : [{ path: at, what: 'is named now, and was not held against any schema before', ifHeld: true }]
    return after['additionalProperties'] === false ? [{ path: at, what: 'is not a known field any more' }] : []
  })
}

// Keywords that only ever refuse something, so that leaving one out refuses less.
const constraints = new Set([
  ...atLeast,
  ...atMost,
  'type',
  'enum',
  'const',
  'required',
  'pattern',
  'format',
  'multipleOf',
  'uniqueItems',
  'not',
  'propertyNames',
  'dependentRequired',
  'allOf',
  'anyOf',
  'oneOf',
  'contains',
])
function isConstraint(keyword: string): boolean {
  return constraints.has(keyword)
}

function isPlain(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean'
}

function widensType(was: unknown, is: unknown): boolean {
  const names = listOf(is)
  return was !== undefined && listOf(was).every((name) => names.includes(name) || (name === 'integer' && names.includes('number')))
}

function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat()
}

function propertiesOf({ properties }: JsonSchema): JsonSchema {
  return isObject(properties) ? properties : {}
}

function nameOf(type: unknown): string {
  return listOf(type).join(' or ') || 'any'
}

function mentions(schema: JsonSchema): boolean {
  return JSON.stringify(schema).includes('"$ref"')
}
