import { randomBytes } from 'node:crypto'
import { closeSync, constants, fchownSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'

/**
 * Replaces a file in one step, mode 0600. It belongs to the owner of its directory, so that a start as root
 * does not lock that owner out of the next one.
 */
export function writePrivateFile(file: string, text: string) {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`
  const descriptor = openPrivateFile(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
  syncDirectory(path.dirname(file))
}

/** Opens a file of mode 0600 that belongs to the owner of its directory. Never through a link: that owner may have planted one. */
export function openPrivateFile(file: string, flags: number) {
  const descriptor = openSync(file, flags | constants.O_NOFOLLOW, 0o600)
  if (process.getuid?.() === 0) {
    const owner = statSync(path.dirname(file))
    fchownSync(descriptor, owner.uid, owner.gid)
  }
  return descriptor
}

/** Makes a rename in this directory last through a power failure. */
export function syncDirectory(directory: string) {
  const descriptor = openSync(directory, constants.O_RDONLY)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The text of a file, or undefined when there is none. */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** `ENOENT`, `EACCES` and the like; empty for what is not an error of the system. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
