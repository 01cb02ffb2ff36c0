import type { ExportPart } from '@freehold/authz/request'
import { toCollection } from './collection-answer.ts'
import { listCollections } from './queries.ts'
import { toRecord } from './record-answer.ts'
import { listRecordsById } from './record-queries.ts'

const pageSize = 500

export const collectionsPart: ExportPart = {
  name: 'vault_collections',
  columns: [
    'id',
    'name',
    'description',
    'record_count',
    'schema_version',
    'indexes',
    'sensitive_fields',
    'created_at',
    'updated_at',
    'schema',
  ],
  async *rows(ctx, workspaceId) {
    for await (const row of collections(ctx.db, workspaceId)) yield toCollection(row)
  },
}

/** Records of all collections, their sensitive fields masked. */
export const recordsPart: ExportPart = {
  name: 'vault_records',
  columns: ['collection', 'id', 'version', 'created_at', 'updated_at', 'data'],
  async *rows(ctx, workspaceId) {
    for await (const { id: collectionId, name } of collections(ctx.db, workspaceId)) {
      for (let after: string | null = null; ;) {
        const rows = await listRecordsById(ctx.db, { workspaceId, collectionId }, { after, limit: pageSize })
        for (const row of rows) yield { collection: name, ...toRecord(row) }
        if (rows.length < pageSize) break
        after = rows.at(-1)!.id
      }
    }
  },
}

async function* collections(db: Parameters<typeof listCollections>[0], workspaceId: string) {
  for (let after: string | null = null; ;) {
    const rows = await listCollections(db, workspaceId, { limit: pageSize, after })
    yield* rows.slice(0, pageSize)
    if (rows.length <= pageSize) return
    after = rows[pageSize - 1]!.id
  }
}
