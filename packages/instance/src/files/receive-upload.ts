import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { Db } from '@freehold/db'
import { deleteCleanup, insertCleanup } from './cleanup-queries.ts'
import type { FileDeps } from './deps.ts'
import { fileReference } from './file-answer.ts'
import { unknownUrl } from './file-tokens.ts'
import { bytesThatMayCome, nothingStaged } from './put-file-content.ts'
import { changedMeanwhile } from './refusals.ts'
import { checksumMismatch } from './staging.ts'
import { findUpload, lockUpload, updateReceived, type UploadRow } from './upload-queries.ts'

/**
 * Takes the bytes of a pending file, on the proof of the URL's token. They go under a key of their own each time, so that bytes
 * that come once more while the file is finalized cannot change what was checked.
 */
export async function receiveUpload(ctx: RequestContext, deps: FileDeps, { params, body }: InputOf<'receiveUpload'>): Promise<void> {
  const claim = deps.tokens.readUpload(params.token, ctx.clock.now())
  const { workspaceId, uploadId, sizeBytes, sha256 } = claim
  const db = ctx.reading({ workspaceId })
  const accountId = await refuseClosed(db, deps, workspaceId)
  const upload = await findUpload(db, workspaceId, uploadId)
  if (upload?.kind !== 'url') throw unknownUrl()
  const staged = ctx.dryRun
    ? nothingStaged(ctx, sizeBytes, sha256)
    : await body.once(async (bytes) => {
        if (sizeBytes !== null && body.length !== null && body.length !== sizeBytes) throw otherLength(sizeBytes)
        const maxBytes = sizeBytes ?? (await bytesThatMayCome(db, deps, workspaceId, body.length))
        return deps.staging.store(workspaceId, bytes, { maxBytes, contentType: upload.content_type, ...(sha256 !== null && { sha256 }) })
      })

  await deps.staging.claiming(workspaceId, ctx.dryRun ? null : staged, () =>
    ctx.mutate(
      'file.upload_receive',
      { type: 'user', id: uploadId },
      async (tx) => {
        // Behind the lock that a freeze takes alone.
        await refuseClosed(tx, deps, workspaceId)
        const row = await lockUpload(tx, workspaceId, uploadId)
        if (!row) throw unknownUrl()
        if (sizeBytes !== null && staged.size !== sizeBytes) throw checksumMismatch(staged.sha256)
        if (!ctx.dryRun && !(await deleteCleanup(tx, { workspaceId, id: staged.objectId, kind: 'object' }))) throw changedMeanwhile()
        await insertCleanup(tx, [{ workspaceId, id: row.object_id, kind: 'object', dueAt: ctx.clock.now() }])
        await updateReceived(tx, workspaceId, uploadId, { objectId: staged.objectId, sizeBytes: staged.size, sha256: staged.sha256 })
        return { resource: fileReference(row), after: { size_bytes: staged.size, checksum_sha256: staged.sha256 }, result: undefined }
      },
      { born: { workspaceId, accountId }, chain: { kind: 'workspace', id: workspaceId }, lockOn: workspaceId, actor: actorOf(upload) },
    ),
  )
}

/** Answers the account. A URL that was made before ends with what the workspace may still do. */
export async function refuseClosed(
  db: Db,
  { places }: Pick<FileDeps, 'places'>,
  workspaceId: string,
  { isReading = false } = {},
): Promise<string> {
  const place = await places.find(db, workspaceId)
  if (place && isReading && ['frozen', 'offboarding'].includes(place.status)) return place.accountId
  if (place?.status === 'frozen' || place?.status === 'offboarding')
    throw new AppError('workspace_frozen', 'The workspace is frozen. Send the bytes again once it has been unfrozen.')
  if (place?.status === 'archived') throw new AppError('workspace_archived', 'The workspace is archived. Restore it first.')
  if (place?.status !== 'active') throw unknownUrl()
  return place.accountId
}

/** Whoever asked for the URL: its bearer is nobody we know. */
function actorOf(upload: UploadRow) {
  return { kind: upload.actor_kind, id: upload.created_by ?? upload.id, label: upload.actor_label }
}

function otherLength(sizeBytes: number): AppError {
  return new AppError('checksum_mismatch', `Send ${sizeBytes} bytes: the URL was made for so many.`, { members: { size_bytes: sizeBytes } })
}
