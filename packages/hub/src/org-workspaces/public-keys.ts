import type { FieldError, OrgWorkspaceChange } from '@freehold/contract'
import { createPublicKey, type KeyObject } from 'node:crypto'

type PublicKey = NonNullable<OrgWorkspaceChange['publicKeys']>[number]

const curves: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' }
const [fewestRsaBits, mostRsaBits] = [2048, 16_384]

/** Public keys as they are stored: the key alone, without what stood around it; or every fault in them. */
export function readPublicKeys(given: readonly PublicKey[]): { keys: PublicKey[]; faults: FieldError[] } {
  const keys: PublicKey[] = []
  const faults: FieldError[] = []
  const kids = new Set<string>()
  for (const [index, { kid, algorithm, key: pem }] of given.entries()) {
    if (kids.has(kid)) faults.push({ pointer: `/body/publicKeys/${index}/kid`, message: 'is used by another key of this list' })
    kids.add(kid)
    const read = readKey(pem, algorithm)
    if (typeof read === 'string') faults.push({ pointer: `/body/publicKeys/${index}/key`, message: read })
    else keys.push({ kid, algorithm, key: read.export({ type: 'spki', format: 'pem' }).toString() })
  }
  return { keys, faults }
}

/** The key, or why it is none for the algorithm. */
function readKey(pem: string, algorithm: string): KeyObject | string {
  // Node would make the public key out of a private one and say nothing.
  if (/PRIVATE KEY/i.test(pem)) {
    return 'is a PRIVATE key, which must never leave your systems: take it out of use, make a new pair and send its public key'
  }
  if (!/^\s*-----BEGIN PUBLIC KEY-----[\sA-Za-z0-9+/=]+-----END PUBLIC KEY-----\s*$/.test(pem)) {
    return 'must be one public key in PEM (SPKI), which begins with -----BEGIN PUBLIC KEY-----'
  }
  let key: KeyObject
  try {
    key = createPublicKey(pem.trim())
  } catch {
    return 'is not a public key that can be read'
  }
  return misfit(key, algorithm) ?? key
}

function misfit(key: KeyObject, algorithm: string): string | null {
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = key.asymmetricKeyDetails ?? {}
  const curve = curves[algorithm]
  if (curve !== undefined)
    return key.asymmetricKeyType === 'ec' && namedCurve === curve ? null : `must be an EC key on ${curve} for ${algorithm}`
  if (key.asymmetricKeyType !== 'rsa') return `must be an RSA key for ${algorithm}`
  if (modulusLength < fewestRsaBits || modulusLength > mostRsaBits) return `must have ${fewestRsaBits} to ${mostRsaBits} bits`
  // With the exponent 1 anybody can sign.
  return publicExponent >= 3n ? null : 'has an exponent under which anybody could sign'
}
