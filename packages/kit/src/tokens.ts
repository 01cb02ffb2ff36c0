import { hash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { base62, base62Alphabet } from './base62.ts'
import { newId } from './ids.ts'

/** Prefix of every opaque token, and what it stands for. */
export const tokenKinds = {
  fhp: 'personal_token',
  fhk: 'api_key',
  fhs: 'session',
  fhu: 'setup_link',
  fhv: 'invitation',
} as const

export type TokenPrefix = keyof typeof tokenKinds
export type TokenKind = (typeof tokenKinds)[TokenPrefix]
export type MintedToken = { id: string; plaintext: string; hash: Buffer; hint: string }
export type ParsedToken = { prefix: TokenPrefix; kind: TokenKind; hash: Buffer }

const idLength = 22
const secretLength = 43
const checksumLength = 6
const shape = /^(fh[a-z])_([0-9A-Za-z]{22})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/

/**
 * A new token `<prefix>_<id>_<secret><checksum>`: the credential's id and 256 random bits in base62 and a CRC32.
 * Only `hash` may be stored; `hint` is the public part, fit for lists.
 */
export function mintToken(prefix: TokenPrefix): MintedToken {
  const id = newId()
  const publicPart = `${prefix}_${base62(Buffer.from(id.replaceAll('-', ''), 'hex'), idLength)}`
  const body = `${publicPart}_${base62(randomBytes(32), secretLength)}`
  const plaintext = body + checksum(body)
  return { id, plaintext, hash: hashToken(plaintext), hint: publicPart }
}

/** Tells a token's kind and hash without any I/O; null when it cannot be one of ours (shape, prefix or checksum). */
export function parseToken(text: string): ParsedToken | null {
  const match = shape.exec(text)
  if (!match) return null
  const prefix = match[1] as TokenPrefix
  const body = text.slice(0, -checksumLength)
  if (!Object.hasOwn(tokenKinds, prefix) || checksum(body) !== match[4]) return null
  return { prefix, kind: tokenKinds[prefix], hash: hashToken(text) }
}

/** SHA-256. A slow hash would add nothing: the secret has 256 bits, so there is nothing to guess. */
export function hashToken(plaintext: string): Buffer {
  return hash('sha256', plaintext, 'buffer')
}

/** CRC32 in base62, by plain arithmetic: this runs on every request. */
function checksum(text: string): string {
  let value = crc32(text)
  let digits = ''
  for (let index = 0; index < checksumLength; index++) {
    digits = base62Alphabet[value % 62]! + digits
    value = Math.floor(value / 62)
  }
  return digits
}
