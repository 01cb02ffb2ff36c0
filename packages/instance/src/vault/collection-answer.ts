import type { Collection, CollectionSchema, CollectionSummary } from '@freehold/contract'
import { toIndexAnswer } from './indexes.ts'
import type { CollectionRow, CountedCollection } from './queries.ts'
import { sensitiveFields } from './schema/field-types.ts'

export function toSummary(row: CountedCollection): CollectionSummary {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    record_count: row.record_count,
    schema_version: row.schema_version,
    indexes: row.indexes.map(toIndexAnswer),
    sensitive_fields: sensitiveFields(row.schema).map(({ path }) => path),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

export function toCollection(row: CountedCollection): Collection {
  return { ...toSummary(row), schema: row.schema }
}

export function toSchemaAnswer(row: CollectionRow): CollectionSchema {
  return {
    name: row.name,
    description: row.description,
    schema: row.schema,
    schema_version: row.schema_version,
    indexes: row.indexes.map(toIndexAnswer),
    updated_at: row.updated_at.toISOString(),
  }
}

/** A collection as audit events show it. The schema is named by its version: it may be long. */
export function snapshotOf(row: CollectionRow): Record<string, unknown> {
  return {
    name: row.name,
    description: row.description,
    schema_version: row.schema_version,
    fields: Object.keys(row.schema['properties'] ?? {}),
    indexes: row.indexes.map(({ fields, unique }) => ({ fields: fields.map(({ field, dir }) => `${field} ${dir}`), unique })),
  }
}
