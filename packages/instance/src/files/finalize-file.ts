import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { ObjectMissing } from '@freehold/drivers'
import { insertCleanup } from './cleanup-queries.ts'
import type { FileDeps } from './deps.ts'
import { dropUpload, reservedBy } from './drop-upload.ts'
import { fileReference, snapshotOf, toFile } from './file-answer.ts'
import { placeBytes } from './place-bytes.ts'
import { findFileByUpload } from './queries.ts'
import { noFile } from './refusals.ts'
import { checksumMismatch, objectKey, type Staged } from './staging.ts'
import { findUpload, lockUpload, type UploadRow } from './upload-queries.ts'

/** Makes what was uploaded a file, once. A second call answers what the first one did. */
export async function finalizeFile(ctx: RequestContext, deps: FileDeps, { params }: InputOf<'finalizeFile'>) {
  const workspace = ctx.granted('workspace', 'write')
  const done = await findFileByUpload(ctx.db, workspace.id, params.file_id)
  if (done) return toFile(done)
  const upload = await findUpload(ctx.db, workspace.id, params.file_id)
  if (upload?.kind !== 'url') throw noFile()
  const ours = receivedBy(upload)
  const staged = ours ?? (ctx.dryRun ? await peek(deps, workspace.id, upload) : await takeOver(ctx, deps, workspace.id, upload))
  const isStaged = ours === null && !ctx.dryRun

  return deps.staging.claiming(workspace.id, isStaged ? staged : null, () =>
    ctx.mutate('file.upload', workspace, async (tx) => {
      const row = await lockUpload(tx, workspace.id, upload.id)
      // Bytes that came once more are others than those that were looked at.
      if (!row || row.object_id !== upload.object_id)
        throw new AppError('conflict', 'The file was sent or finalized by another request meanwhile. Read it, and finalize it again.')
      if (isStaged) await insertCleanup(tx, [{ workspaceId: workspace.id, id: row.object_id, kind: 'object', dueAt: ctx.clock.now() }])
      return completeUpload(tx, deps, workspace.id, { upload: row, staged, isStaged, now: ctx.clock.now() })
    }),
  )
}

type Completion = { upload: UploadRow; staged: Staged; isStaged: boolean; now: Date }

/** An upload becomes its file: what was reserved is used, and the upload is over. */
export async function completeUpload(tx: Tx, deps: FileDeps, workspaceId: string, { upload, staged, isStaged, now }: Completion) {
  await dropUpload(tx, workspaceId, upload, { now, isDone: true })
  const { before, after } = await placeBytes(tx, deps, workspaceId, {
    name: upload.name,
    id: upload.id,
    reserved: reservedBy(upload),
    bytes: {
      objectId: staged.objectId,
      sizeBytes: staged.size,
      contentType: upload.content_type,
      sha256: staged.sha256,
      by: upload.created_by,
      uploadId: upload.id,
      now,
    },
    isStaged,
  })
  return { resource: fileReference(after), before: before ? snapshotOf(before) : null, after: snapshotOf(after), result: toFile(after) }
}

function receivedBy(upload: UploadRow): Staged | null {
  if (upload.received_sha256 === null) return null
  return { objectId: upload.object_id, size: Number(upload.received_bytes), sha256: upload.received_sha256 }
}

/**
 * What a client sent to the store itself. It is copied under a key that no URL names, and checked on the way: whoever has the
 * URL could still write to the other.
 */
async function takeOver(ctx: RequestContext, deps: FileDeps, workspaceId: string, upload: UploadRow): Promise<Staged> {
  const key = objectKey(workspaceId, upload.object_id)
  const { size } = await peek(deps, workspaceId, upload)
  const expected = upload.size_bytes === null ? size : Number(upload.size_bytes)
  const { checksum_sha256: sha256 } = upload
  try {
    if (size !== expected) throw checksumMismatch('')
    const bytes = await deps.objects.get(key, null, new AbortController().signal)
    const options = {
      maxBytes: Math.min(expected, deps.maxFileBytes),
      contentType: upload.content_type,
      ...(sha256 !== null && { sha256 }),
    }
    return await deps.staging.store(workspaceId, bytes, options)
  } catch (error) {
    if (error instanceof ObjectMissing) throw notSent()
    if (error instanceof AppError && error.code === 'checksum_mismatch') await deps.objects.delete([key])
    throw error
  }
}

async function peek(deps: FileDeps, workspaceId: string, upload: UploadRow): Promise<Staged> {
  const found = await deps.objects.head(objectKey(workspaceId, upload.object_id))
  if (!found) throw notSent()
  return { objectId: upload.object_id, size: found.size, sha256: upload.checksum_sha256 ?? '0'.repeat(64) }
}

function notSent(): AppError {
  return new AppError('invalid_state', 'The bytes have not come. Send them to `upload_url`, then finalize the file.')
}
