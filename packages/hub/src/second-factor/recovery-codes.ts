import { hashToken } from '@freehold/kit'
import { randomBytes } from 'node:crypto'

// Crockford's base32: without the letters that are read as digits.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const codesAtOnce = 10
const codeLength = 16

/** Ten codes of 80 random bits, as `xxxx-xxxx-xxxx-xxxx`, and the hashes that are stored of them. */
export function mintRecoveryCodes(): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: codesAtOnce }, () =>
    Array.from(randomBytes(codeLength), (byte) => alphabet[byte % alphabet.length]!)
      .join('')
      .replace(/(.{4})(?=.)/g, '$1-'),
  )
  return { codes, hashes: codes.map(hashRecoveryCode) }
}

/** However it was typed: with or without hyphens, in capitals, with `o` for zero and `i` or `l` for one. */
export function hashRecoveryCode(code: string): Buffer {
  const normal = code.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1')
  return hashToken(normal)
}
