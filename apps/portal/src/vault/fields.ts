export type JsonSchema = { readonly [keyword: string]: unknown }
export type Scalar = 'string' | 'number' | 'boolean'
export type FieldKind = 'text' | 'long' | 'number' | 'boolean' | 'enum' | 'date' | 'json'

/** A field as a form, a column and a filter know it. */
export type VaultField = {
  /** Names joined by dots, as the API has it. */
  path: string
  names: readonly string[]
  title: string
  kind: FieldKind
  /** Type of its values, where these can be compared and sorted by. */
  scalar: Scalar | null
  /** `hidden`: cannot be compared either. */
  sensitive: false | 'hidden' | 'equality'
  isRequired: boolean
  isNullable: boolean
  options: readonly unknown[]
  hint: string | undefined
}

export const isObject = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields that a schema names at its top: the required ones first, the sensitive ones last, as a stored schema keeps no order. */
export const fieldsOf = (schema: JsonSchema): VaultField[] =>
  fieldsAt(schema, schema, []).toSorted((one, other) => placeOf(one) - placeOf(other))

const placeOf = ({ isRequired, sensitive }: VaultField): number => (sensitive ? 2 : isRequired ? 0 : 1)

/** The fields that a filter can name: those at the top, and those of the objects within. */
export function comparableFields(schema: JsonSchema): VaultField[] {
  const walk = (at: JsonSchema, names: readonly string[]): VaultField[] =>
    fieldsAt(schema, at, names).flatMap((field) => {
      const inner = resolve(schema, propertiesOf(at)[field.names.at(-1) ?? ''])
      return field.scalar === null && isObject(inner['properties']) && field.names.length < 5 ? walk(inner, field.names) : [field]
    })
  return walk(schema, []).filter(({ scalar, sensitive }) => scalar !== null && sensitive !== 'hidden')
}

/** Whether a record may have fields that its schema does not name. */
export const takesOthers = (schema: JsonSchema): boolean => schema['additionalProperties'] !== false

function fieldsAt(root: JsonSchema, at: JsonSchema, names: readonly string[]): VaultField[] {
  const required = Array.isArray(at['required']) ? at['required'] : []
  return Object.entries(propertiesOf(at)).map(([name, declared]) => {
    const schema = resolve(root, declared)
    const types = typesOf(root, schema)
    const scalar = scalarOf(types)
    const options = Array.isArray(schema['enum']) ? schema['enum'].filter((option) => option !== null) : []
    const way = [...names, name]
    return {
      path: way.join('.'),
      names: way,
      title: typeof schema['title'] === 'string' ? schema['title'] : way.join('.'),
      kind: kindOf(schema, scalar, options),
      scalar,
      sensitive: schema['x-sensitive'] === true ? 'hidden' : isObject(schema['x-sensitive']) ? 'equality' : false,
      isRequired: required.includes(name),
      isNullable: types.has('null'),
      options,
      hint: typeof schema['description'] === 'string' ? schema['description'] : undefined,
    }
  })
}

const propertiesOf = ({ properties }: JsonSchema): JsonSchema => (isObject(properties) ? properties : {})

/** What a reference leads to. A stored schema has none that leads in a circle. */
function resolve(root: JsonSchema, at: unknown): JsonSchema {
  let here = isObject(at) ? at : {}
  for (let depth = 0; typeof here['$ref'] === 'string' && depth < 32; depth++) {
    const name = decodeURIComponent(here['$ref'].replace('#/$defs/', '')).replaceAll('~1', '/').replaceAll('~0', '~')
    const target = isObject(root['$defs']) ? root['$defs'][name] : undefined
    here = isObject(target) ? target : {}
  }
  return here
}

function typesOf(root: JsonSchema, schema: JsonSchema): Set<string> {
  if (schema['type'] !== undefined) return new Set([schema['type']].flat().map(String))
  const options = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(options)) return new Set(options.flatMap((option) => [...typesOf(root, resolve(root, option))]))
  const values = Array.isArray(schema['enum']) ? schema['enum'] : 'const' in schema ? [schema['const']] : []
  return new Set(values.map((value) => (value === null ? 'null' : typeof value)))
}

function scalarOf(types: ReadonlySet<string>): Scalar | null {
  const known = new Set([...types].filter((type) => type !== 'null').map((type) => (type === 'integer' ? 'number' : type)))
  const [only] = known
  return known.size === 1 && (only === 'string' || only === 'number' || only === 'boolean') ? only : null
}

function kindOf(schema: JsonSchema, scalar: Scalar | null, options: readonly unknown[]): FieldKind {
  if (scalar === null) return 'json'
  if (options.length > 0) return 'enum'
  if (scalar !== 'string') return scalar
  if (schema['format'] === 'date') return 'date'
  return Number(schema['maxLength']) > 200 ? 'long' : 'text'
}

/** The value that a text of a form or a URL means. A text that is no value of the field is left for the API to refuse. */
export function valueFrom({ scalar, kind, options }: VaultField, text: string): unknown {
  if (kind === 'enum') return options.find((option) => String(option) === text) ?? text
  if (scalar === 'number') return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  if (scalar === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  return text
}

/** A value as a form shows it. */
export function textFrom({ kind }: VaultField, value: unknown): string {
  if (value === undefined || value === null) return ''
  return kind === 'json' || typeof value !== 'string' ? JSON.stringify(value, null, 2) : value
}
