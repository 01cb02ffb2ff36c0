import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

/** As much of JSON Schema as the contract uses. */
export type JsonSchema = {
  type?: string
  format?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  /** Beside `properties`: variants that refine them, told apart by one of them. */
  oneOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  patternProperties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean
  items?: JsonSchema
  minItems?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  minimum?: number
  maximum?: number
  minProperties?: number
  default?: unknown
}

// Apart from the server's own, so that a mistake in how that is set up shows.
const ajv = new Ajv({ allErrors: true, strict: false })
formats.default(ajv)
const compiled = new WeakMap<object, ValidateFunction>()

/** A check of values against a schema that answers what does not fit; nothing for a value that does. */
export function compileSchema(schema: object): (value: unknown) => string[] {
  const validate = compiled.get(schema) ?? ajv.compile(JSON.parse(JSON.stringify(schema)) as object)
  compiled.set(schema, validate)
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`))
}

/** An object's schema with one of its variants, as one object's schema. */
export function refine({ oneOf: _variants, ...base }: JsonSchema, variant: JsonSchema): JsonSchema {
  const required = [...new Set([...(base.required ?? []), ...(variant.required ?? [])])]
  return { ...base, properties: { ...base.properties, ...variant.properties }, required }
}
