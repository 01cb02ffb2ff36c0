import { AppError } from '@freehold/contract'
import { ObjectTooLarge, OffsetMismatch, UploadBusy, UploadMissing } from '@freehold/drivers'
import type { Readable } from 'node:stream'
import type { FileDeps } from './deps.ts'
import { noUpload, tooLarge } from './refusals.ts'
import { checksumMismatch, objectKey, readingOf, type Staged, toRefusal } from './staging.ts'
import type { NewUpload, UploadRow } from './upload-queries.ts'

type Target = Pick<NewUpload | UploadRow, 'object_id' | 'parts_id' | 'checksum_sha256' | 'content_type'> & {
  size_bytes: string | number | null
}
type Part = { offset: number; sha256: string | null }

/** Appends a body, and answers how many bytes there are. What came before a body was cut is kept. */
export async function appendBytes(deps: FileDeps, workspaceId: string, upload: Target, part: Part, body: Readable): Promise<number> {
  const key = objectKey(workspaceId, upload.object_id)
  const maxBytes = Number(upload.size_bytes)
  try {
    if (part.sha256 === null) {
      return await deps.objects.appendPart(key, upload.parts_id!, { offset: part.offset, maxBytes, body: readingOf(body) })
    }
    return await appendChecked(deps, workspaceId, upload, { ...part, sha256: part.sha256 }, body)
  } catch (error) {
    throw toTusRefusal(error)
  }
}

/** Bytes with a checksum are set aside until they have been checked: what was appended cannot be taken back. */
async function appendChecked(
  deps: FileDeps,
  workspaceId: string,
  upload: Target,
  part: { offset: number; sha256: string },
  body: Readable,
) {
  const maxBytes = Number(upload.size_bytes)
  const aside = await deps.staging.store(workspaceId, body, { maxBytes: Math.max(0, maxBytes - part.offset), sha256: part.sha256 })
  try {
    const bytes = await deps.objects.get(objectKey(workspaceId, aside.objectId), null, new AbortController().signal)
    return await deps.objects.appendPart(objectKey(workspaceId, upload.object_id), upload.parts_id!, {
      offset: part.offset,
      maxBytes,
      body: bytes,
    })
  } finally {
    await deps.staging.remove(workspaceId, aside.objectId)
  }
}

/** All bytes are there: they become an object, and are checked as a whole. Bytes that are others end the upload. */
export async function finishBytes(deps: FileDeps, workspaceId: string, upload: Target): Promise<Staged> {
  const key = objectKey(workspaceId, upload.object_id)
  const stored = await deps.objects.finishParts(key, upload.parts_id!).catch((error: unknown) => {
    throw toTusRefusal(error)
  })
  if (upload.checksum_sha256 === null || upload.checksum_sha256 === stored.sha256) return { objectId: upload.object_id, ...stored }
  await deps.objects.delete([key])
  throw checksumMismatch(stored.sha256)
}

function toTusRefusal(error: unknown): unknown {
  if (error instanceof OffsetMismatch) return wrongOffset(error.size)
  if (error instanceof UploadBusy)
    return new AppError('conflict', 'Another request is sending to this upload. Ask for its offset again in a moment.')
  if (error instanceof UploadMissing) return noUpload()
  if (error instanceof ObjectTooLarge) return tooLarge(error.maxBytes)
  return toRefusal(error)
}

export function wrongOffset(size: number): AppError {
  return new AppError('conflict', `The upload has ${size} bytes. Ask for its offset, and go on from there.`, {
    members: { offset_bytes: size },
    headers: { 'upload-offset': String(size) },
  })
}
