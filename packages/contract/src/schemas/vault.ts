import Type, { type Static } from 'typebox'
import { Description, pageQuery, Strict, Timestamp, Uuid } from './fields.ts'

/** What stands in a record instead of a sensitive value, whatever its length or type. */
export const vaultMask = '••••••••'

export const CollectionName = Type.String({
  maxLength: 63,
  pattern: '^[a-z][a-z0-9_]{0,62}$',
  description: 'Lower-case letters, digits and underscores, a letter first; at most 63',
})
const FieldPath = Type.String({ minLength: 1, maxLength: 256, description: 'Name of a field; dots lead into nested objects' })
const Direction = Type.Enum(['asc', 'desc'])

export const VaultIndexField = Strict({ field: FieldPath, dir: Type.Optional(Direction) })
export const NewVaultIndex = Strict({
  fields: Type.Array(VaultIndexField, { minItems: 1, maxItems: 4 }),
  unique: Type.Optional(Type.Boolean({ description: 'No two records agree in all of these fields, where all are present' })),
})
export type NewVaultIndex = Static<typeof NewVaultIndex>
const NewIndexes = Type.Array(NewVaultIndex, {
  maxItems: 10,
  description: 'What queries may filter and sort by in a large collection: first the fields that `eq` fixes, then those that are sorted by',
})
export const VaultIndex = Strict({
  fields: Type.Array(Strict({ field: Type.String(), dir: Direction })),
  unique: Type.Boolean(),
  state: Type.Enum(['ready', 'building'], { description: 'Queries use an index once it is ready' }),
})
export type VaultIndex = Static<typeof VaultIndex>

const JsonSchemaDocument = Type.Record(Type.String(), Type.Unknown(), {
  description: 'JSON Schema 2020-12 of `type: object`. `x-sensitive` marks fields that are encrypted.',
})

const collectionFields = {
  id: Uuid,
  name: Type.String(),
  description: Type.String(),
  record_count: Type.Integer(),
  schema_version: Type.Integer(),
  indexes: Type.Array(VaultIndex),
  sensitive_fields: Type.Array(Type.String(), { description: 'Paths of the fields that are encrypted and masked' }),
  created_at: Timestamp,
  updated_at: Timestamp,
}
export const CollectionSummary = Strict(collectionFields)
export type CollectionSummary = Static<typeof CollectionSummary>
export const Collection = Strict({ ...collectionFields, schema: Type.Record(Type.String(), Type.Unknown()) })
export type Collection = Static<typeof Collection>

export const NewCollection = Strict({
  name: CollectionName,
  schema: JsonSchemaDocument,
  indexes: Type.Optional(NewIndexes),
  description: Type.Optional(Description),
})

export const CollectionSchema = Strict({
  name: Type.String(),
  description: Type.String(),
  schema: Type.Record(Type.String(), Type.Unknown()),
  schema_version: Type.Integer(),
  indexes: Type.Array(VaultIndex),
  updated_at: Timestamp,
})
export type CollectionSchema = Static<typeof CollectionSchema>

const Migration = Type.Object(
  {
    rename: Type.Optional(
      Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 256 }), {
        maxProperties: 50,
        description: 'Old name of a top-level field to its new one',
      }),
    ),
    drop: Type.Optional(Type.Array(FieldPath, { maxItems: 50, description: 'Top-level fields to remove' })),
    set_default: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { maxProperties: 50, description: 'Value of a top-level field where a record has none' }),
    ),
  },
  { additionalProperties: false, description: 'How stored records become such as fit: rename, then drop, then set defaults' },
)
export const CollectionChange = Type.Object(
  {
    schema: Type.Optional(JsonSchemaDocument),
    indexes: Type.Optional(NewIndexes),
    description: Type.Optional(Description),
    migrate: Type.Optional(Type.Boolean({ description: 'Apply an incompatible schema, if every record fits it after the migration' })),
    migration: Type.Optional(Migration),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type VaultMigration = Static<typeof Migration>

export const VaultRecord = Strict({
  id: Uuid,
  data: Type.Record(Type.String(), Type.Unknown(), { description: `Sensitive fields are shown as ${vaultMask}` }),
  created_at: Timestamp,
  updated_at: Timestamp,
  version: Type.Integer(),
})
export type VaultRecord = Static<typeof VaultRecord>

const RecordData = Type.Record(Type.String(), Type.Unknown(), { description: "As the collection's schema says" })
export const NewRecord = Strict({ data: RecordData })

export const VaultQuery = Strict({
  filter: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: '`{field: {eq|ne|lt|lte|gt|gte|in|prefix: value}}`, and `and`, `or`, `not` over such objects',
    }),
  ),
  sort: Type.Optional(
    Type.Array(Strict({ field: FieldPath, dir: Type.Optional(Direction) }), { maxItems: 4, description: 'Newest first unless told' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  cursor: Type.Optional(Type.String({ maxLength: 1600, description: 'From the `Next-Cursor` header of the page before' })),
})
export type VaultQuery = Static<typeof VaultQuery>

const filterText = Type.Optional(Type.String({ maxLength: 4000, description: 'The filter of a query, as JSON' }))
export const recordListQuery = {
  ...pageQuery,
  cursor: Type.Optional(Type.String({ maxLength: 1600, description: 'Opaque, from the `Link` header of the page before' })),
  filter: filterText,
  sort: Type.Optional(Type.String({ maxLength: 1600, description: 'The sort of a query, as JSON' })),
}
export const recordCountQuery = { filter: filterText }

export const RecordCount = Strict({
  count: Type.Integer(),
  exact: Type.Boolean({ description: 'False where counting stopped: there are at least so many' }),
})

export const Reveal = Strict({
  fields: Type.Array(FieldPath, { minItems: 1, maxItems: 50, uniqueItems: true }),
  reason: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S', description: 'Why; the audit event keeps it' }),
})
export const Revealed = Strict({
  id: Uuid,
  version: Type.Integer(),
  values: Type.Record(Type.String(), Type.Unknown(), { description: 'By field path; a field that the record does not have is left out' }),
})

export const recordImportQuery = {
  format: Type.Optional(
    Type.Enum(['jsonl', 'csv'], { description: 'By the Content-Type unless told: `text/csv` is CSV, anything else JSON Lines' }),
  ),
  mode: Type.Optional(
    Type.Enum(['all_or_nothing', 'skip_invalid'], {
      default: 'all_or_nothing',
      description: 'What becomes of the rest where a line does not fit',
    }),
  ),
}
export const recordExportQuery = { format: Type.Optional(Type.Enum(['jsonl', 'csv'], { default: 'jsonl' })) }
export const ImportReport = Strict({
  imported: Type.Integer(),
  refused: Type.Integer(),
  errors: Type.Array(
    Strict({
      line: Type.Integer({ description: 'Of the file, from 1; of CSV the header is the first' }),
      pointer: Type.String({ description: 'JSON pointer into the document' }),
      message: Type.String(),
    }),
    { description: 'Of the first lines that were refused: at most 1,000' },
  ),
})
export type ImportReport = Static<typeof ImportReport>
