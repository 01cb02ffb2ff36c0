import type { RequestContext } from '@freehold/authz/request'
import type { FileUpload } from '@freehold/contract'
import type { FileDeps } from './deps.ts'
import { noUpload } from './refusals.ts'
import { objectKey } from './staging.ts'
import { tusVersion } from './tus-headers.ts'
import { findUpload, type UploadRow } from './upload-queries.ts'
import type { FileRow } from './queries.ts'

/** How far an upload is. `isWhole`: all its bytes are there, and only the change that makes them a file is not. */
export type Progress = { offset: number; isWhole: boolean }

/**
 * The store knows how many bytes it has, whatever process has died meanwhile. A client that hears of all its bytes is done; so
 * where the last change is missing it is told of one byte less, and makes that change by sending this byte again.
 */
export async function progressOf({ objects }: Pick<FileDeps, 'objects'>, workspaceId: string, upload: UploadRow): Promise<Progress> {
  const key = objectKey(workspaceId, upload.object_id)
  const length = Number(upload.size_bytes)
  const size = await objects.partsSize(key, upload.parts_id!)
  if (size === null && (await objects.head(key))?.size !== length) throw noUpload()
  return size === null || size === length ? { offset: Math.max(0, length - 1), isWhole: true } : { offset: size, isWhole: false }
}

export async function requireUpload(ctx: RequestContext, workspaceId: string, id: string): Promise<UploadRow> {
  const upload = await findUpload(ctx.db, workspaceId, id)
  if (upload?.kind !== 'tus') throw noUpload()
  return upload
}

export function toUpload(row: UploadRow, offset: number): FileUpload {
  return {
    id: row.id,
    name: row.name,
    status: 'receiving',
    content_type: row.content_type,
    offset_bytes: offset,
    size_bytes: Number(row.size_bytes),
    checksum_sha256: row.checksum_sha256,
    file_id: null,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    expires_at: row.expires_at.toISOString(),
  }
}

/** An upload that has become a file. */
export function toDoneUpload(id: string, file: FileRow): FileUpload {
  return {
    id,
    name: file.name,
    status: 'done',
    content_type: file.content_type,
    offset_bytes: Number(file.size_bytes),
    size_bytes: Number(file.size_bytes),
    checksum_sha256: file.checksum_sha256,
    file_id: file.id,
    created_at: file.stored_at.toISOString(),
    created_by: file.stored_by,
    expires_at: file.stored_at.toISOString(),
  }
}

export function setTusHeaders(
  ctx: RequestContext,
  upload: Pick<FileUpload, 'offset_bytes' | 'size_bytes' | 'expires_at' | 'status'>,
): void {
  ctx.setHeader('tus-resumable', tusVersion)
  ctx.setHeader('upload-offset', String(upload.offset_bytes))
  ctx.setHeader('upload-length', String(upload.size_bytes))
  if (upload.status === 'receiving') ctx.setHeader('upload-expires', new Date(upload.expires_at).toUTCString())
}
