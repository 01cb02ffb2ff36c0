import { StartupError } from '@freehold/db'
import { accessSync, constants, mkdirSync } from 'node:fs'

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
