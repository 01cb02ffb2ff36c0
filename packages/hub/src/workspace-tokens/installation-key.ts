import { createPublicKey, hash, type KeyObject } from 'node:crypto'
import { keyOfSeed } from '../audit/index.ts'
import type { RootKeys } from '../root-keys/index.ts'

/** What signs the tokens that Freehold makes. All processes of an installation have the same. */
export type InstallationKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject }

/** Throws `sealed` while it cannot be had. */
export function installationKeyOf(roots: Pick<RootKeys, 'lasting'>): () => InstallationKey {
  let opened: { seed: Buffer; key: InstallationKey } | undefined
  return () => {
    const seed = roots.lasting('workspace tokens')
    if (opened === undefined || !opened.seed.equals(seed)) opened = { seed, key: installationKey(seed) }
    return opened.key
  }
}

function installationKey(seed: Buffer): InstallationKey {
  const privateKey = keyOfSeed(seed)
  const publicKey = createPublicKey(privateKey)
  const kid = hash('sha256', publicKey.export({ format: 'der', type: 'spki' }), 'base64url').slice(0, 16)
  return { kid: `freehold-${kid}`, privateKey, publicKey }
}
