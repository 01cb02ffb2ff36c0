import { type OpenedRootKeys, readSigningKey, seedOf, sharedSigningKey } from '@freehold/hub'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RootKeyConfig } from './root-key.ts'

/**
 * What signs the heads of audit chains. With the root key in a file it has a file of its own, so that chains are sealed whatever happens to
 * the root key; otherwise all processes share one that the root key seals, which begins as the file's where there is one.
 */
export function createSigningKey({ dataDir, rootKey, kms }: Pick<RootKeyConfig, 'dataDir' | 'rootKey' | 'kms'>) {
  const own = rootKey === null && kms === null ? readSigningKey(dataDir) : null
  return {
    key: (roots: OpenedRootKeys) => (own ? () => own : sharedSigningKey(roots)),
    seed: () => {
      if (own) return seedOf(own)
      return rootKey === null && existsSync(join(dataDir, 'audit-signing-key.pem')) ? seedOf(readSigningKey(dataDir)) : null
    },
  }
}
