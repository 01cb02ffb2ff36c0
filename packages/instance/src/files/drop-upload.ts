import type { Tx } from '@freehold/db'
import { deleteCleanup, insertCleanup } from './cleanup-queries.ts'
import { deleteUpload, type UploadRow } from './upload-queries.ts'
import { addUsage, type Usage } from './usage-queries.ts'

/** What an upload has been promised room for. */
export function reservedBy(upload: UploadRow): Usage {
  return { files: 1, bytes: Number(upload.reserved_bytes) }
}

/**
 * Ends an upload in the transaction. Where it became no file, its room is free again and its bytes are removed once this has
 * committed; what a store holds in parts, the store's own sweep removes if nobody does before.
 */
export async function dropUpload(
  tx: Tx,
  workspaceId: string,
  upload: UploadRow,
  { now, isDone }: { now: Date; isDone: boolean },
): Promise<void> {
  await deleteUpload(tx, workspaceId, upload.id)
  await deleteCleanup(tx, { workspaceId, id: upload.id, kind: 'upload' })
  if (isDone) return
  const { files, bytes } = reservedBy(upload)
  await addUsage(tx, workspaceId, { files: -files, bytes: -bytes })
  await insertCleanup(tx, [{ workspaceId, id: upload.object_id, kind: 'object', dueAt: now }])
}
