import { AppError } from '@freehold/contract'
import { hash } from 'node:crypto'

/** A strong validator of a representation: the same bytes, the same tag. */
export function etagOf(body: string): string {
  return `"${hash('sha256', body, 'base64url').slice(0, 27)}"`
}

/** Whether an `If-Match` or `If-None-Match` header names the tag. Weak tags never match a strong comparison. */
export function matches(header: string, etag: string): boolean {
  return header.trim() === '*' || header.split(',').some((candidate) => candidate.trim() === etag)
}

/** Throws `version_mismatch` unless the header names the current tag. */
export function requireMatch(header: string, current: string): void {
  if (matches(header, current)) return
  throw new AppError('version_mismatch', 'Read it again, apply your change to what it is now, and send the new ETag in `If-Match`.')
}
