import { StartupError } from '@freehold/db'
import { accessSync, constants, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Makes the data directory where it is missing. Throws StartupError when it cannot be written to. */
export function prepareDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 })
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new StartupError(`Cannot write to the data directory ${dataDir}. Give this user access to it, or choose another with --data.`, {
      cause: error,
    })
  }
}

/** Writes a secret so that only this user can read it, and never half. */
export function writePrivateFile(dataDir: string, name: string, text: string): void {
  const path = join(dataDir, name)
  writeFileSync(`${path}.new`, text, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
