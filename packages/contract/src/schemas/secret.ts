import Type, { type Static } from 'typebox'
import { Description, Nullable, Strict, Timestamp, Uuid } from './fields.ts'

export const secretCategories = ['runner', 'integration', 'custom'] as const
export type SecretCategory = (typeof secretCategories)[number]

/** The name of an environment variable. */
export const secretKeyPattern = '^[A-Za-z_][A-Za-z0-9_]{0,127}$'
export const SecretKey = Type.String({
  pattern: secretKeyPattern,
  maxLength: 128,
  description: 'Name of an environment variable: ASCII letters, digits and `_`, not beginning with a digit, at most 128',
})

/** In UTF-8. */
export const maxSecretBytes = 65_536
const SecretText = Type.String({ maxLength: maxSecretBytes, description: 'At most 64 KiB of UTF-8' })

export const environmentQuery = {
  environment: Type.Optional(
    Type.String({ minLength: 1, maxLength: 48, description: 'Slug of an environment; left out, what all environments share' }),
  ),
}

const validUntil = Nullable(
  Type.String({
    format: 'date-time',
    description: 'Until when consumers should take it too; null is until the first use of the new value',
  }),
)
const known = {
  id: Uuid,
  key: Type.String(),
  environment: Nullable(Type.String({ description: 'Slug; null where all environments share it' })),
  category: Type.Enum([...secretCategories]),
  description: Type.String(),
  version: Type.Integer(),
  managed: Type.Boolean({ description: 'Set by the platform, which alone changes it' }),
  rotate_every_days: Nullable(Type.Integer()),
  rotation_due_at: Nullable(Timestamp),
  previous: Nullable(
    Type.Object(
      { version: Type.Integer(), valid_until: validUntil },
      { additionalProperties: false, description: 'The value before, while a rotation lets both be valid' },
    ),
  ),
  created_at: Timestamp,
  updated_at: Timestamp,
  updated_by: Nullable(Uuid),
}

/** What is known of a secret without its value. */
export const Secret = Strict(known)
export type Secret = Static<typeof Secret>

/**
 * Who last read a value stands in the list alone: in the metadata each reveal would move the ETag, and whoever wants to change
 * a secret would race all that read it.
 */
export const ListedSecret = Strict({
  ...known,
  last_read_at: Nullable(Timestamp),
  last_read_by: Nullable(Strict({ kind: Type.String(), id: Type.String(), label: Type.String() })),
})
export type ListedSecret = Static<typeof ListedSecret>

const PreviousValue = Strict({ value: Type.String(), version: Type.Integer(), valid_until: validUntil })

export const RevealedSecret = Strict({
  key: Type.String(),
  environment: Nullable(Type.String({ description: 'Whose value it is: null for the shared one' })),
  category: Type.Enum([...secretCategories]),
  description: Type.String(),
  version: Type.Integer(),
  managed: Type.Boolean(),
  value: Type.String({ description: 'As it was written, references unresolved' }),
  previous: Nullable(PreviousValue),
  updated_at: Timestamp,
  updated_by: Nullable(Uuid),
})
export type RevealedSecret = Static<typeof RevealedSecret>

const Values = Type.Record(Type.String(), Type.String())
export const ResolvedSecrets = Strict({
  environment: Nullable(Type.String()),
  values: Values,
  previous: Type.Record(Type.String(), Strict({ value: Type.String(), valid_until: validUntil }), {
    description: 'By key, values before that are still valid',
  }),
})
export type ResolvedSecrets = Static<typeof ResolvedSecrets>

export const SecretChange = Type.Object(
  {
    value: Type.Optional(SecretText),
    description: Type.Optional(Description),
    category: Type.Optional(Type.Enum([...secretCategories], { description: '`custom` unless told' })),
    rotate_every_days: Type.Optional(
      Nullable(Type.Integer({ minimum: 1, maximum: 3650, description: 'How often it should get a new value; null is no reminder' })),
    ),
    previous_valid_seconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 31_536_000, description: 'How long the value before stays valid beside the new one' }),
    ),
    previous_until: Type.Optional(
      Type.Literal('first_use', {
        description: 'The value before stays valid until somebody first reads the new one, and for `previous_valid_seconds` more',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type SecretChange = Static<typeof SecretChange>

export const SecretVersion = Strict({
  version: Type.Integer(),
  current: Type.Boolean(),
  created_at: Timestamp,
  created_by: Nullable(Uuid),
})
export type SecretVersion = Static<typeof SecretVersion>

export const SecretImport = Type.Object(
  {
    dotenv: Type.Optional(Type.String({ maxLength: 1_000_000, description: 'The text of a `.env` file' })),
    secrets: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { maxProperties: 1000, description: 'Texts by key' })),
    category: Type.Optional(Type.Enum([...secretCategories], { description: 'Of those that are new; `custom` unless told' })),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type SecretImport = Static<typeof SecretImport>

export const ImportedSecrets = Strict({
  created: Type.Array(Type.String()),
  updated: Type.Array(Type.String()),
  unchanged: Type.Array(Type.String()),
})
export type ImportedSecrets = Static<typeof ImportedSecrets>
