import { readOrCreatePrivateFile, StartupError } from '@freehold/db'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

const fileName = 'root-key'

/**
 * The key of 32 bytes from which every other is derived or by which it is wrapped: from the configuration, else from a file
 * that the first start creates. Throws StartupError when the file holds no such key.
 */
export function loadRootKey({ dataDir, rootKey }: { dataDir: string; rootKey: Buffer | null }): Buffer {
  if (rootKey) return rootKey
  const path = join(dataDir, fileName)
  const text = readOrCreatePrivateFile(path, () => `${randomBytes(32).toString('base64')}\n`)
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== 32) {
    throw new StartupError(`${path} does not hold 32 bytes in base64. Restore it from a backup: without it sealed values cannot be read.`)
  }
  return key
}
