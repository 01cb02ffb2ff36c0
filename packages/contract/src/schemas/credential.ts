import Type, { type Static, type TObject, type TSchema } from 'typebox'
import { type CredentialTypeName, credentialTypeNames, credentialTypes, type FieldsOf, type SecretsOf } from '../credential-types/index.ts'
import { Name, Nullable, Strict, Timestamp, Uuid } from './fields.ts'

const CredentialType = Type.Enum([...credentialTypeNames], { description: 'One of `GET …/credential-types`' })
const FieldValue = Type.Union([Type.String(), Type.Integer(), Type.Boolean()])
export type CredentialFieldValue = Static<typeof FieldValue>

export const CredentialCheck = Strict({
  ok: Type.Boolean(),
  checked_at: Timestamp,
  latency_ms: Type.Integer(),
  message: Type.String({ description: 'What was found, in words' }),
  hint: Nullable(Type.String({ description: 'What to do about it' })),
})
export type CredentialCheck = Static<typeof CredentialCheck>

export const Credential = Strict({
  id: Uuid,
  name: Type.String(),
  type: CredentialType,
  environment: Nullable(Type.String({ description: 'Slug of the only environment that may use it; null for all' })),
  fields: Type.Record(Type.String(), FieldValue),
  secrets: Type.Record(Type.String(), Nullable(Type.String()), {
    description: 'Masked: the first and last four characters, or stars alone when it is short; null where there is none',
  }),
  needs_secret: Type.Boolean({ description: 'It cannot be used before a secret is sent: it has none, or its address has changed' }),
  is_default: Type.Boolean({ description: 'What is used where a type is asked for and no credential is named' }),
  version: Type.Integer(),
  last_check: Nullable(CredentialCheck),
  created_at: Timestamp,
  created_by: Nullable(Uuid),
  updated_at: Timestamp,
})
export type Credential = Static<typeof Credential>

const Environment = Type.Union([Type.String({ minLength: 1, maxLength: 48 }), Type.Null()], {
  description: 'Slug of the only environment that may use it; null for all',
})
const common = {
  name: Name,
  environment: Type.Optional(Environment),
  is_default: Type.Optional(Type.Boolean({ description: 'The first of a type is the default unless told' })),
}

/** What may be sent: a field that has a default may be left out. */
function asInput(schema: TObject): TSchema & { required: string[] } {
  const { properties, required = [] } = schema as unknown as { properties: Record<string, { default?: unknown }>; required?: string[] }
  return { ...schema, required: required.filter((name) => properties[name]!.default === undefined) }
}

function inputOf({ type, label, fields, secrets }: (typeof credentialTypes)[number]) {
  const parts = { fields: asInput(fields), secrets: asInput(secrets) }
  const required = Object.entries(parts).flatMap(([name, schema]) => (schema.required.length > 0 ? [name] : []))
  return { title: label, type: 'object', properties: { type: { const: type }, ...parts }, required: ['type', ...required] }
}

type ByType = {
  [T in CredentialTypeName]: { type: T; fields?: Partial<FieldsOf<T>>; secrets?: Partial<SecretsOf<T>> }
}[CredentialTypeName]

export type NewCredential = Static<typeof CommonPart> & ByType
const CommonPart = Strict(common)

/** One schema a type, told apart by `type`. */
export const NewCredential = Type.Unsafe<NewCredential>({
  type: 'object',
  properties: { type: CredentialType, ...common, fields: { type: 'object' }, secrets: { type: 'object' } },
  required: ['type', 'name'],
  additionalProperties: false,
  discriminator: { propertyName: 'type' },
  oneOf: credentialTypes.map(inputOf),
})

export const CredentialChange = Type.Object(
  {
    name: Type.Optional(Name),
    environment: Type.Optional(Environment),
    is_default: Type.Optional(Type.Boolean({ description: 'True takes it from the one that was the default' })),
    fields: Type.Optional(
      Type.Record(Type.String({ maxLength: 64 }), Nullable(FieldValue), {
        maxProperties: 20,
        description:
          'Those to change, as the type has them; null removes one. Another address clears the secrets, unless they are sent too',
      }),
    ),
    secrets: Type.Optional(
      Type.Record(Type.String({ maxLength: 64 }), Nullable(Type.String({ maxLength: 8192 })), {
        maxProperties: 20,
        description: 'Those to replace; null removes one that is optional',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type CredentialChange = Static<typeof CredentialChange>

export const CredentialTypeDescription = Strict({
  type: CredentialType,
  label: Type.String(),
  fields: Type.Array(
    Strict({
      name: Type.String(),
      label: Type.String(),
      kind: Type.Enum(['string', 'integer', 'boolean', 'choice']),
      secret: Type.Boolean({ description: 'Sent in `secrets`, and never shown again; all others are sent in `fields`' }),
      optional: Type.Boolean(),
      placeholder: Nullable(Type.String()),
      help: Nullable(Type.String()),
      default: Nullable(FieldValue),
      choices: Nullable(Type.Array(Type.String())),
      binds: Type.Boolean({ description: 'Changing it clears the secrets' }),
    }),
  ),
})
export type CredentialTypeDescription = Static<typeof CredentialTypeDescription>
