import { AppError, type FieldError } from '@freehold/contract'
import { type ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { checkSchema, escape, partsOf } from './check-schema.ts'
import { type Field, isObject, type JsonSchema, sensitiveFields } from './field-types.ts'
import { OutOfTime, withinTime } from './watchdog.ts'

/** A schema made ready. `validate` answers every fault of a document, with pointers into it, and never repeats a value. */
export type CompiledSchema = {
  schema: JsonSchema
  sensitive: Field[]
  validate(data: unknown): FieldError[]
  /** The same for each of many, under one watchdog, which costs more than most documents do. */
  validateAll(documents: readonly unknown[]): FieldError[][]
}

const compileTimeoutMs = 1000
const validateTimeoutMs = 250
const mostFaults = 100

/** Throws `invalid_request` with every fault, each pointer behind `at`. */
export function compileSchema(schema: JsonSchema, at = '/body/schema'): CompiledSchema {
  const faults = checkSchema(schema)
  if (faults.length > 0) throw notOurs(faults, at)
  // One for each schema: what it names must not meet what another names, and goes when it goes.
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    messages: true,
    logger: false,
  })
  formats.default(ajv)
  for (const keyword of extensionsOf(schema)) ajv.addKeyword(keyword)
  let validate
  try {
    if (!ajv.validateSchema(schema)) throw notOurs((ajv.errors ?? []).map(describe), at)
    validate = withinTime(compileTimeoutMs, () => ajv.compile(schema))
  } catch (error) {
    if (error instanceof AppError) throw error
    const message = error instanceof OutOfTime ? 'takes too long to compile' : wordsOf(error)
    throw notOurs([{ pointer: '', message }], at)
  }
  const faultsOf = (data: unknown) => (validate(data) ? [] : (validate.errors ?? []).slice(0, mostFaults).map(describe))
  const compiled: CompiledSchema = {
    schema,
    sensitive: sensitiveFields(schema),
    validate(data) {
      try {
        return withinTime(validateTimeoutMs, () => faultsOf(data))
      } catch (error) {
        if (!(error instanceof OutOfTime)) throw error
        return [{ pointer: '', message: 'takes too long to check against the schema of the collection' }]
      }
    },
    validateAll(documents) {
      try {
        return withinTime(validateTimeoutMs, () => documents.map(faultsOf))
      } catch (error) {
        if (!(error instanceof OutOfTime)) throw error
        return documents.map((data) => compiled.validate(data))
      }
    },
  }
  return compiled
}

const mostKept = 200
const kept = new Map<string, CompiledSchema>()

/** The compiled schema of a stored collection; the ones used last are kept. */
export function schemaOf(collection: { id: string; schema: JsonSchema; schema_version: number }): CompiledSchema {
  const key = `${collection.id} ${collection.schema_version}`
  const known = kept.get(key) ?? compileSchema(collection.schema)
  kept.delete(key)
  kept.set(key, known)
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
  return known
}

/** Keywords of whoever made the schema, for their own tools. */
function extensionsOf(schema: JsonSchema, found = new Set<string>(['x-sensitive'])): Set<string> {
  for (const keyword of Object.keys(schema)) if (/^x-[a-z][a-z0-9-]*$/.test(keyword)) found.add(keyword)
  for (const { schema: inner } of partsOf(schema)) if (isObject(inner)) extensionsOf(inner, found)
  return found
}

// Messages of the library tell what the schema wants. What the document holds is never in them.
function describe({ instancePath, params, message }: ErrorObject): FieldError {
  const { additionalProperty, unevaluatedProperty, missingProperty, allowedValues } = params as Record<string, unknown>
  const unknown = additionalProperty ?? unevaluatedProperty
  if (typeof unknown === 'string') return { pointer: `${instancePath}/${escape(unknown)}`, message: 'is not a known field' }
  if (typeof missingProperty === 'string') return { pointer: `${instancePath}/${escape(missingProperty)}`, message: 'is required' }
  if (Array.isArray(allowedValues)) return { pointer: instancePath, message: `must be one of ${allowedValues.map(String).join(', ')}` }
  return { pointer: instancePath, message: message ?? 'is not valid' }
}

function notOurs(faults: FieldError[], at: string): AppError {
  const errors = faults.slice(0, mostFaults).map(({ pointer, message }) => ({ pointer: at + pointer, message }))
  const [first] = errors
  return new AppError('invalid_request', `Mend the schema: ${first?.pointer} ${first?.message}.`, { errors })
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^strict mode: /, '').slice(0, 300) : 'is no JSON Schema'
}
