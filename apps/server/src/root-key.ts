import { StartupError } from '@freehold/db'
import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivateFile } from './data-directory.ts'

const fileName = 'root-key'

/**
 * The key of 32 bytes from which every other is derived or by which it is wrapped: from the configuration, else from a file
 * that the first start creates. Throws StartupError when the file holds no such key.
 */
export function loadRootKey({ dataDir, rootKey }: { dataDir: string; rootKey: Buffer | null }): Buffer {
  if (rootKey) return rootKey
  const path = join(dataDir, fileName)
  const text = readIfPresent(path) ?? createFile(dataDir, path)
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== 32) {
    throw new StartupError(`${path} does not hold 32 bytes in base64. Restore it from a backup: without it sealed values cannot be read.`)
  }
  return key
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

// Linked from a draft, so that of two first starts one wins for both.
function createFile(dataDir: string, path: string): string {
  const draft = `${fileName}.${randomBytes(6).toString('hex')}`
  writePrivateFile(dataDir, draft, `${randomBytes(32).toString('base64')}\n`)
  try {
    linkSync(join(dataDir, draft), path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(join(dataDir, draft), { force: true })
  }
  return readFileSync(path, 'utf8')
}
