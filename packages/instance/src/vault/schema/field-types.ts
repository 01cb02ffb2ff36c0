export type JsonSchema = { [keyword: string]: unknown }
export type ScalarType = 'string' | 'number' | 'boolean'

/** What queries know of a field. `sensitive` fields are sealed; one with `equality` can be compared by its hash. */
export type Field = { path: string; names: string[]; type: ScalarType; sensitive: false | 'hidden' | 'equality' }

export function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The field at a dotted path; null where the schema declares none there; 'other' where it is no text, number or boolean. */
export function fieldAt(schema: JsonSchema, path: string): Field | 'other' | null {
  const names = path.split('.')
  let at: unknown = schema
  for (const name of names) {
    const { properties } = resolve(schema, at)
    if (!isObject(properties) || !Object.hasOwn(properties, name)) return null
    at = properties[name]
  }
  const declared = resolve(schema, at)
  const type = scalarType(schema, declared)
  return type === null ? 'other' : { path, names, type, sensitive: sensitivityOf(declared) }
}

/** The sensitive fields of a schema that has been checked, by the order in which it names them. */
export function sensitiveFields(schema: JsonSchema): Field[] {
  const fields: Field[] = []
  function walk(at: JsonSchema, names: string[]): void {
    const { properties } = at
    if (!isObject(properties)) return
    for (const [name, inner] of Object.entries(properties)) {
      if (!isObject(inner)) continue
      const path = [...names, name]
      const sensitive = sensitivityOf(inner)
      const type = scalarType(schema, inner)
      if (sensitive && type) fields.push({ path: path.join('.'), names: path, type, sensitive })
      else walk(inner, path)
    }
  }
  walk(schema, [])
  return fields
}

function sensitivityOf({ 'x-sensitive': mark }: JsonSchema): Field['sensitive'] {
  if (mark === true) return 'hidden'
  return isObject(mark) ? 'equality' : false
}

/** What a reference leads to. References of a checked schema are local and lead in no circle. */
function resolve(root: JsonSchema, at: unknown): JsonSchema {
  let here = isObject(at) ? at : {}
  while (typeof here['$ref'] === 'string') {
    const target = definitionAt(root, here['$ref'])
    if (!target) return {}
    here = target
  }
  return here
}

export function definitionAt(root: JsonSchema, reference: string): JsonSchema | null {
  const name = /^#\/\$defs\/([^/]+)$/.exec(reference)?.[1]
  const { $defs } = root
  if (name === undefined || !isObject($defs)) return null
  const key = decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')
  const target = Object.hasOwn($defs, key) ? $defs[key] : undefined
  return isObject(target) ? target : null
}

const kinds: Record<string, ScalarType | 'null'> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
}

/** The one type of a field's values, beside null. */
function scalarType(root: JsonSchema, schema: JsonSchema): ScalarType | null {
  const found = new Set<string>()
  const { type, anyOf, oneOf } = schema
  const options = anyOf ?? oneOf
  if (type !== undefined) for (const name of [type].flat()) found.add(typeof name === 'string' ? (kinds[name] ?? 'other') : 'other')
  else if (Array.isArray(schema['enum'])) for (const value of schema['enum']) found.add(value === null ? 'null' : typeof value)
  else if ('const' in schema) found.add(schema['const'] === null ? 'null' : typeof schema['const'])
  else if (Array.isArray(options)) {
    for (const option of options) {
      const resolved = resolve(root, option)
      found.add(resolved['type'] === 'null' ? 'null' : (scalarType(root, resolved) ?? 'other'))
    }
  }
  found.delete('null')
  const [only] = found
  return found.size === 1 && (only === 'string' || only === 'number' || only === 'boolean') ? only : null
}
