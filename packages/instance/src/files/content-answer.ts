import type { BytesAnswer, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { ObjectMissing } from '@freehold/drivers'
import type { FileDeps } from './deps.ts'
import { servedType } from './media-types.ts'
import { labelOf } from './names.ts'
import { rangeOf } from './ranges.ts'
import { noFile } from './refusals.ts'
import { objectKey } from './staging.ts'

export type Content = { name: string; object_id: string; size_bytes: string; content_type: string; checksum_sha256: string }

/** The tag of bytes: their SHA-256. */
export function contentTag({ checksum_sha256: sha256 }: Pick<Content, 'checksum_sha256'>): string {
  return `"${sha256}"`
}

/**
 * Bytes as an attachment that no browser runs, whole or the part that `Range` asks for. Of several ranges the whole is sent,
 * as RFC 9110 allows. Throws `range_not_satisfiable` beyond the end.
 */
export function contentAnswer(
  ctx: RequestContext,
  { objects }: Pick<FileDeps, 'objects'>,
  workspaceId: string,
  content: Content,
): BytesAnswer {
  const size = Number(content.size_bytes)
  const etag = contentTag(content)
  const headers = {
    etag,
    'accept-ranges': 'bytes',
    // Kept by the reader only, and asked for anew: whether it may be read can have changed.
    'cache-control': 'private, no-cache',
    'content-type': servedType(content.content_type),
    'content-disposition': disposition(content.name),
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
  }
  const open = (range: { start: number; end: number } | null) => (signal: AbortSignal) =>
    objects.get(objectKey(workspaceId, content.object_id), range, signal).catch((error: unknown) => {
      // Deleted between the row and the bytes.
      throw error instanceof ObjectMissing ? noFile() : error
    })

  if (isKnown(ctx.header('if-none-match'), etag))
    return { status: 304, headers: { etag, 'cache-control': headers['cache-control'] }, open: open(null) }
  const range = isForThis(ctx.header('if-range'), etag) ? rangeOf(ctx.header('range'), size) : null
  if (range === 'beyond') {
    throw new AppError('range_not_satisfiable', `The file has ${size} bytes. Ask for a part of them.`, {
      headers: { 'content-range': `bytes */${size}` },
    })
  }
  if (range === null) return { status: 200, headers: { ...headers, 'content-length': String(size) }, open: open(null) }
  const { start, end } = range
  return {
    status: 206,
    headers: { ...headers, 'content-length': String(end - start + 1), 'content-range': `bytes ${start}-${end}/${size}` },
    open: open(range),
  }
}

/** `attachment` with the last segment of the name: in ASCII for the oldest, and as RFC 5987 writes any other. */
export function disposition(name: string): string {
  const label = labelOf(name)
  const ascii = label.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(label).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

function isKnown(header: string | null, etag: string): boolean {
  if (header === null) return false
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}

/** A date, or another tag, is of something else: then all is sent. */
function isForThis(header: string | null, etag: string): boolean {
  return header === null || header.trim() === etag
}
