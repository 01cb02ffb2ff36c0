import type { VaultRecord } from '@freehold/contract'
import { AppError } from '@freehold/contract'
import type { RecordRow } from './record-queries.ts'

/** A record as readers see it: what is stored in clear, with masks in place of sensitive values. */
export function toRecord(row: Pick<RecordRow, 'id' | 'data' | 'version' | 'created_at' | 'updated_at'>): VaultRecord {
  return {
    id: row.id,
    data: row.data,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    version: row.version,
  }
}

export function noRecord(): AppError {
  return new AppError('not_found', 'No such record in this collection.')
}

/** A record as audit events show it. Its content is the customer's, and a chain is never edited: names of fields, no values. */
export function snapshotOf(collection: string, { version, data }: Pick<RecordRow, 'version' | 'data'>): Record<string, unknown> {
  return { collection, version, fields: Object.keys(data) }
}
