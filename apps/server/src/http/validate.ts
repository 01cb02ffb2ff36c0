import { type AnyRoute, AppError, type FieldError } from '@freehold/contract'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { isUuid } from '@freehold/kit'
import { escapePointer, unstorableText } from './unstorable-text.ts'

const options = { allErrors: true, useDefaults: false, strict: false, discriminator: true }
// Text from a URL has no types, so it is read as what the schema says; a JSON body says what it is.
const ofText = new Ajv({ ...options, coerceTypes: true })
const ofBody = new Ajv(options)
for (const ajv of [ofText, ofBody]) {
  formats.default(ajv)
  // The library lets through what Postgres refuses: `urn:uuid:…`, the year 0, offsets that no zone has.
  const { validate: isDateTime } = ajv.formats['date-time'] as { validate(text: string): boolean }
  ajv.addFormat('uuid', isUuid)
  ajv.addFormat('date-time', (text) => isDateTime(text) && !/^0000|[+-](?:1[6-9]|2\d):?\d\d$/.test(text))
}

type Parts = { params: Record<string, string>; query: Record<string, unknown>; body: unknown }
type Validate = (parts: Parts) => void

const deepest = 32
// A megabyte of unknown fields must not become an answer of many.
const mostListed = 100

/** A check of a whole request that lists every fault in it. Schemas are compiled when the route is first called. */
export function createValidator(route: AnyRoute): Validate {
  let compiled: { part: keyof Parts; validate: ValidateFunction }[] | undefined
  return (parts) => {
    compiled ??= compile(route)
    if (parts.body === undefined && mayHaveNoBody(route)) parts.body = {}
    const errors: FieldError[] = []
    for (const { part, validate } of compiled) {
      if (!validate(parts[part])) errors.push(...(validate.errors ?? []).map((error) => describe(part, error)))
    }
    if (!route.query)
      for (const key of Object.keys(parts.query)) errors.push({ pointer: `/query/${key}`, message: 'is not a parameter of this route' })
    if (!route.body && parts.body !== undefined && parts.body !== null)
      errors.push({ pointer: '/body', message: 'this route takes no body' })
    if (depth(parts.body) > deepest) errors.push({ pointer: '/body', message: `is nested deeper than ${deepest} levels` })
    else for (const part of ['params', 'query', 'body'] as const) errors.push(...unstorableText(parts[part], `/${part}`))
    if (errors.length > 0) throw new AppError('invalid_request', summary(errors), { errors: errors.slice(0, mostListed) })
  }
}

/** Where a body need say nothing, none is an empty one. */
export function mayHaveNoBody({ body }: AnyRoute): boolean {
  const { type, required = [], minProperties = 0 } = (body ?? {}) as { type?: string; required?: string[]; minProperties?: number }
  return type === 'object' && required.length === 0 && minProperties === 0
}

function compile(route: AnyRoute) {
  const parts: { part: keyof Parts; validate: ValidateFunction }[] = []
  if (route.params) parts.push({ part: 'params', validate: ofText.compile(route.params) })
  if (route.query) parts.push({ part: 'query', validate: ofText.compile(route.query) })
  if (route.body) parts.push({ part: 'body', validate: ofBody.compile(route.body) })
  return parts
}

function describe(part: string, error: ErrorObject): FieldError {
  const { additionalProperty, missingProperty, allowedValues } = error.params as Record<string, unknown>
  const base = `/${part}${error.instancePath}`
  if (typeof additionalProperty === 'string')
    return { pointer: `${base}/${escapePointer(additionalProperty)}`, message: 'is not a known field' }
  if (typeof missingProperty === 'string') return { pointer: `${base}/${escapePointer(missingProperty)}`, message: 'is required' }
  if (Array.isArray(allowedValues)) return { pointer: base, message: `must be one of ${allowedValues.join(', ')}` }
  return { pointer: base, message: error.message ?? 'is not valid' }
}

function summary(errors: FieldError[]): string {
  const shown = errors.slice(0, 3).map(({ pointer, message }) => `${pointer} ${message}`)
  const more = errors.length > shown.length ? ` and ${errors.length - shown.length} more` : ''
  return `Mend ${shown.join('; ')}${more}.`
}

function depth(value: unknown): number {
  let levels = 0
  let layer: unknown[] = [value]
  while (levels <= deepest) {
    layer = layer.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    if (layer.length === 0) return levels
    levels += 1
  }
  return levels
}
