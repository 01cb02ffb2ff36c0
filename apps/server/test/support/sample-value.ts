import { newId } from '@freehold/kit'
import type { TSchema } from 'typebox'
import { compileSchema, type JsonSchema, refine } from './json-schema.ts'

/** Where the value of an id comes from: the name of the field or parameter tells what it names. */
export type IdSource = (name: string) => Promise<string>

/**
 * A value that fits a schema, with every optional field filled in. Throws where none can be made, so that no operation is
 * left out of a sweep unnoticed.
 */
export async function sampleValue(schema: TSchema, idOf: IdSource, overrides: Record<string, unknown> = {}): Promise<unknown> {
  const made = await makeValue(schema, { name: 'body', idOf })
  const value = Object.keys(overrides).length > 0 ? { ...(made as object), ...overrides } : made
  const faults = compileSchema(schema)(value)
  if (faults.length > 0)
    throw new Error(`no valid sample can be made (${faults.join('; ')}): give the sweeps an override in support/inputs.ts`)
  return value
}

type Place = { name: string; idOf: IdSource }

async function makeValue(schema: JsonSchema, place: Place): Promise<unknown> {
  if (schema.enum) return schema.enum[0]
  if (schema.const !== undefined) return schema.const
  if (schema.anyOf) return makeValue(schema.anyOf[0]!, place)
  if (schema.oneOf) return makeValue(refine(schema, schema.oneOf[0]!), place)
  if (schema.type === 'object') return makeObject(schema, place)
  if (schema.type === 'array') return schema.minItems ? [await makeValue(schema.items!, place)] : []
  if (schema.type === 'string') return makeString(schema, place)
  if (schema.type === 'integer' || schema.type === 'number') return schema.default ?? schema.minimum ?? 1
  if (schema.type === 'boolean') return schema.default ?? true
  if (schema.type === 'null') return null
  return 'anything'
}

async function makeObject(schema: JsonSchema, { idOf }: Place): Promise<Record<string, unknown>> {
  if (!schema.properties) return schema.patternProperties ? { sample: 'anything' } : {}
  const entries = Object.entries(schema.properties).map(
    async ([name, property]) => [name, await makeValue(property, { name, idOf })] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function makeString(schema: JsonSchema, { name, idOf }: Place): Promise<string> {
  if (schema.format === 'uuid') return idOf(name)
  const unique = newId().slice(-12)
  const candidates = [
    `Sample ${unique}`,
    `sample-${unique}`,
    `sample-${unique}@example.test`,
    new Date().toISOString(),
    'https://example.test/',
    'text/plain',
    'a'.repeat(64),
    'x',
  ]
  const fits = compileSchema(schema)
  const value = candidates.find((candidate) => fits(candidate).length === 0)
  if (value === undefined)
    throw new Error(`no sample fits \`${name}\` (${JSON.stringify(schema)}): give the sweeps an override in support/inputs.ts`)
  return value
}
