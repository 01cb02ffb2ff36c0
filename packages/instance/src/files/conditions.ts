import type { RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { contentTag } from './content-answer.ts'
import type { FileRow } from './queries.ts'

/**
 * What `If-Match` and `If-None-Match` say of the bytes that a name has now, as RFC 9110 has it for a `PUT`: throws
 * `version_mismatch` where they do not hold.
 */
export function checkConditions(ctx: RequestContext, current: FileRow | undefined): void {
  const tag = current && contentTag(current)
  const wanted = ctx.header('if-match')
  if (wanted !== null && (tag === undefined || !names(wanted, tag)))
    throw new AppError('version_mismatch', 'The file is not the one of your `If-Match`. Read it again and send its present `ETag`.')
  const unwanted = ctx.header('if-none-match')
  if (unwanted !== null && tag !== undefined && names(unwanted, tag))
    throw new AppError('version_mismatch', 'There is a file of this name already. Choose another name, or send it without `If-None-Match`.')
}

function names(header: string, tag: string): boolean {
  return header.trim() === '*' || header.split(',').some((candidate) => candidate.trim() === tag)
}

/**
 * The SHA-256 that a request says its bytes have, in hex: of `x-checksum-sha256` or of `content-digest` (RFC 9530); null where
 * it says none. Other algorithms are not checked.
 */
export function expectedChecksum(ctx: RequestContext): string | null {
  const hex = ctx.header('x-checksum-sha256')
  if (hex !== null) {
    if (/^[0-9a-f]{64}$/i.test(hex)) return hex.toLowerCase()
    throw unreadable('x-checksum-sha256', 'must be 64 hexadecimal digits')
  }
  const digest = ctx.header('content-digest')
  const [, base64] = /(?:^|,)\s*sha-256=:([^:]*):/.exec(digest ?? '') ?? []
  if (base64 === undefined) return null
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== 32) throw unreadable('content-digest', 'must be sha-256=:<base64 of 32 bytes>:')
  return bytes.toString('hex')
}

export function unreadable(name: string, message: string): AppError {
  return new AppError('invalid_request', `Mend the header \`${name}\`: it ${message}.`, {
    errors: [{ pointer: `/headers/${name}`, message }],
  })
}
