import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const nonceLength = 12
const tagLength = 16
const keyLength = 32

/** A key of 32 bytes for one purpose, from the root key. Purposes never share a key. */
export function deriveKey(rootKey: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', rootKey, '', `freehold ${purpose}`, keyLength))
}

/**
 * AES-256-GCM under a key of 32 bytes: nonce, ciphertext and tag in one. `place` says where the value belongs (a tenant, a
 * name, a version); it is authenticated, so that a value moved elsewhere does not open.
 */
export function seal(key: Uint8Array, value: Uint8Array | string, place: readonly string[]): Buffer {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aadOf(place))
  return Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()])
}

/** The value that was sealed for the same place under the same key; throws for any other. */
export function unseal(key: Uint8Array, sealed: Uint8Array, place: readonly string[]): Buffer {
  if (sealed.byteLength < nonceLength + tagLength) throw new Error('a sealed value is too short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength)).setAAD(aadOf(place))
  decipher.setAuthTag(sealed.subarray(-tagLength))
  return Buffer.concat([decipher.update(sealed.subarray(nonceLength, -tagLength)), decipher.final()])
}

// JSON keeps ['a', 'bc'] and ['ab', 'c'] apart.
function aadOf(place: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(place))
}
