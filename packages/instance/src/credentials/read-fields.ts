import { type AnyCredentialType, AppError, type CredentialFieldValue, type FieldError } from '@freehold/contract'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { Fields } from './queries.ts'

const ajv = new Ajv({ allErrors: true, strict: false })
const compiled = new WeakMap<object, ValidateFunction>()

/** The fields as they are stored, with the type's defaults. */
export function withDefaults({ fields }: AnyCredentialType, given: Record<string, unknown> = {}): Fields {
  const properties = fields.properties as Record<string, { default?: CredentialFieldValue }>
  const usual = Object.entries(properties).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value] as const]))
  return { ...Object.fromEntries(usual), ...given } as Fields
}

/** The fields after a change; null takes one away, or back to its default. Throws for what the type does not have so. */
export function changeFields(type: AnyCredentialType, stored: Fields, change: Record<string, CredentialFieldValue | null> = {}): Fields {
  const merged = { ...stored, ...change }
  const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as Fields
  const fields = withDefaults(type, kept)
  refuseFaults(type.fields, fields, 'fields')
  return fields
}

/** The secrets that a change brings and takes away. Throws for what the type does not have so. */
export function readSecrets(
  type: AnyCredentialType,
  change: Record<string, string | null> = {},
): { brought: Record<string, string>; removed: string[] } {
  const brought = Object.fromEntries(Object.entries(change).filter((entry): entry is [string, string] => entry[1] !== null))
  const removed = Object.keys(change).filter((name) => change[name] === null)
  const required = (type.secrets as { required?: string[] }).required ?? []
  const faults = removed
    .filter((name) => required.includes(name))
    .map((name) => ({ pointer: `/body/secrets/${name}`, message: 'cannot be removed: replace it' }))
  if (faults.length > 0) throw invalid(faults)
  refuseFaults({ ...type.secrets, required: [] }, { ...brought, ...Object.fromEntries(removed.map((name) => [name, 'x'])) }, 'secrets')
  return { brought, removed }
}

export function requiredSecrets({ secrets }: AnyCredentialType): string[] {
  return (secrets as { required?: string[] }).required ?? []
}

/** Whether what the secrets are bound to is another one. */
export function movesAway({ binds }: AnyCredentialType, before: Fields, after: Fields): boolean {
  return binds.some((name) => before[name] !== after[name])
}

function refuseFaults(schema: object, value: unknown, part: 'fields' | 'secrets'): void {
  const validate = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, validate)
  if (!validate(value)) throw invalid((validate.errors ?? []).map((error) => describe(error, part)))
}

function describe({ params, instancePath, message }: ErrorObject, part: string): FieldError {
  const { additionalProperty, missingProperty, allowedValues } = params as Record<string, unknown>
  const base = `/body/${part}${instancePath}`
  if (typeof additionalProperty === 'string') return { pointer: `${base}/${additionalProperty}`, message: 'is no field of this type' }
  if (typeof missingProperty === 'string') return { pointer: `${base}/${missingProperty}`, message: 'is required' }
  if (Array.isArray(allowedValues)) return { pointer: base, message: `must be one of ${allowedValues.join(', ')}` }
  return { pointer: base, message: message ?? 'is not valid' }
}

function invalid(errors: FieldError[]): AppError {
  const [first] = errors
  return new AppError(
    'invalid_request',
    `Mend ${first!.pointer}: it ${first!.message}. \`GET …/credential-types\` tells what a type is made of.`,
    { errors },
  )
}
