import type { ExportPart } from '@freehold/authz/request'
import type { Tx } from '@freehold/db'
import type { ObjectStore } from '@freehold/drivers'
import { deleteCleanups } from './cleanup-queries.ts'
import { toFile } from './file-answer.ts'
import { deleteRows, listFiles } from './queries.ts'

const rowsAPage = 500
const keysAtOnce = 500

/** What an export tells of files. Their bytes are downloaded one by one. */
export const fileExport: ExportPart = {
  name: 'files',
  columns: [
    'id',
    'name',
    'status',
    'version',
    'size_bytes',
    'content_type',
    'checksum_sha256',
    'created_at',
    'created_by',
    'updated_at',
    'updated_by',
  ],
  async *rows(ctx, workspaceId) {
    let after: { label: string; id: string } | null = null
    for (;;) {
      const rows = await listFiles(ctx.db, workspaceId, { limit: rowsAPage, after })
      const page = rows.slice(0, rowsAPage)
      yield* page.map(toFile)
      const last = page.at(-1)
      if (rows.length <= rowsAPage || !last) return
      after = { label: last.name, id: last.id }
    }
  },
}

/** Removes every row about a workspace's files, under its scope. The transaction needs a record, as any. */
export async function deleteWorkspaceFileRows(tx: Tx, workspaceId: string): Promise<void> {
  await deleteRows(tx, workspaceId)
  await deleteCleanups(tx, workspaceId)
}

/** Removes every object of a workspace from the store. It may be repeated; answers how many it removed. */
export async function deleteWorkspaceObjects(objects: ObjectStore, workspaceId: string): Promise<number> {
  let removed = 0
  let keys: string[] = []
  const flush = async () => {
    await objects.delete(keys)
    removed += keys.length
    keys = []
  }
  for await (const { key } of objects.list(`${workspaceId}/`)) {
    keys.push(key)
    if (keys.length === keysAtOnce) await flush()
  }
  if (keys.length > 0) await flush()
  return removed
}
