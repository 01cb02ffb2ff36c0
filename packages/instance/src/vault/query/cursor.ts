import { AppError } from '@freehold/contract'
import { createHash } from 'node:crypto'

/** Where a page ends: the bytes by which its last record is ordered, and its id. */
export type Position = { key: Buffer; id: string }

/** What a cursor belongs to: it means nothing for another query, nor once another index serves the query. */
export function fingerprintOf(query: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(query)).digest().subarray(0, 8)
}

export function encodeCursor(fingerprint: Buffer, { key, id }: Position): string {
  return Buffer.concat([fingerprint, Buffer.from(id.replaceAll('-', ''), 'hex'), key]).toString('base64url')
}

/** Throws `invalid_request` for what this query did not give out. */
export function decodeCursor(cursor: string, fingerprint: Buffer, pointer: string): Position {
  const bytes = Buffer.from(cursor, 'base64url')
  const isOurs = bytes.length >= 24 && bytes.toString('base64url') === cursor && bytes.subarray(0, 8).equals(fingerprint)
  if (!isOurs) {
    throw new AppError(
      'invalid_request',
      'The cursor is not one that this query gave out with these filters, sort and indexes. Start again without it.',
      {
        errors: [{ pointer, message: 'is not a cursor of this query' }],
      },
    )
  }
  const hex = bytes.subarray(8, 24).toString('hex')
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return { key: bytes.subarray(24), id }
}
