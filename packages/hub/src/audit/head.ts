import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import canonicalize from 'canonicalize'

/** The newest sealed event of a chain, as it is signed: Ed25519 over its RFC 8785 canonical JSON. */
export type Head = { chain: string; seq: number; hash: string; at: string }

/** The signature in base64. */
export function signHead(head: Head, signingKey: KeyObject): string {
  return sign(null, toSignedBytes(head), signingKey).toString('base64')
}

/** Whether this key made the signature. `key` may be the private key itself. */
export function isHeadSignedBy(key: KeyObject, head: Head, signature: string): boolean {
  return verify(null, toSignedBytes(head), key, Buffer.from(signature, 'base64'))
}

/** The public half as PEM, for whoever checks a head elsewhere. */
export function readPublicKey(signingKey: KeyObject): string {
  return createPublicKey(signingKey).export({ format: 'pem', type: 'spki' }).toString()
}

function toSignedBytes({ chain, seq, hash, at }: Head): Buffer {
  return Buffer.from(canonicalize({ chain, seq, hash, at }) ?? '')
}
