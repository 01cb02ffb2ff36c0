import type { RequestContext, Upload } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { unreadable } from './conditions.ts'
import { mediaType } from './media-types.ts'
import { fileName } from './names.ts'

export const tusVersion = '1.0.0'
const bodyType = 'application/offset+octet-stream'

/** What the tus protocol says of a new upload. */
export type TusCreation = { name: string; contentType: string; sha256: string | null; length: number }

/** Reads the headers of a creation. Throws `invalid_request` with what to mend. */
export function readCreation(ctx: RequestContext): TusCreation {
  checkVersion(ctx)
  const metadata = readMetadata(ctx.header('upload-metadata') ?? '')
  const name = metadata.get('filename') ?? metadata.get('name')
  if (name === undefined) throw unreadable('upload-metadata', 'must have a `filename`')
  const sha256 = metadata.get('checksum_sha256') ?? null
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256))
    throw unreadable('upload-metadata', 'has a `checksum_sha256` that is not 64 hexadecimal digits')
  return {
    name: fileName(name, '/headers/upload-metadata'),
    contentType: mediaType(metadata.get('filetype') ?? metadata.get('content_type')),
    sha256,
    length: readNumber(ctx, 'upload-length'),
  }
}

/** Where the bytes of a body begin, and their checksum where it is told. */
export function readAppend(ctx: RequestContext, body: Upload): { offset: number; sha256: string | null } {
  checkVersion(ctx)
  if (!ctx.dryRun) checkBodyType(body)
  return { offset: readNumber(ctx, 'upload-offset'), sha256: readChecksum(ctx) }
}

export function checkBodyType({ contentType }: Upload): void {
  if (contentType?.split(';')[0]!.trim().toLowerCase() === bodyType) return
  throw new AppError('unsupported_media_type', `Send the bytes as \`${bodyType}\`.`)
}

export function checkVersion(ctx: RequestContext): void {
  const version = ctx.header('tus-resumable')
  if (version === tusVersion) return
  throw new AppError('version_mismatch', `Send \`Tus-Resumable: ${tusVersion}\`: this is the version that is spoken here.`, {
    headers: { 'tus-version': tusVersion },
  })
}

export function readChecksum(ctx: RequestContext): string | null {
  const header = ctx.header('upload-checksum')
  if (header === null) return null
  const [algorithm, base64 = ''] = header.trim().split(/\s+/)
  const bytes = Buffer.from(base64, 'base64')
  if (algorithm !== 'sha256' || bytes.length !== 32) throw unreadable('upload-checksum', 'must be `sha256` and the base64 of 32 bytes')
  return bytes.toString('hex')
}

function readNumber(ctx: RequestContext, name: string): number {
  const text = ctx.header(name) ?? ''
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text))) throw unreadable(name, 'must be a number of bytes')
  return Number(text)
}

/** Pairs of a key and a base64 value, with commas between them. */
function readMetadata(header: string): Map<string, string> {
  const pairs = new Map<string, string>()
  for (const pair of header.split(',')) {
    const [key = '', value = ''] = pair.trim().split(' ')
    if (key !== '') pairs.set(key, decode(value))
  }
  return pairs
}

function decode(base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    throw unreadable('upload-metadata', 'has a value that is not UTF-8 in base64')
  }
}
