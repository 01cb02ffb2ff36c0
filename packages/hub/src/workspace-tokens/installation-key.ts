import { createPublicKey, hash, type KeyObject } from 'node:crypto'
import { deriveKey } from '@freehold/kit'
import { keyOfSeed } from '../audit/index.ts'

/** What signs the tokens that Freehold makes. Every process of an installation derives the same from the root key. */
export type InstallationKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject }

export function deriveInstallationKey(rootKey: Uint8Array): InstallationKey {
  const privateKey = keyOfSeed(deriveKey(rootKey, 'workspace tokens'))
  const publicKey = createPublicKey(privateKey)
  const kid = hash('sha256', publicKey.export({ format: 'der', type: 'spki' }), 'base64url').slice(0, 16)
  return { kid: `freehold-${kid}`, privateKey, publicKey }
}
