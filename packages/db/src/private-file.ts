import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchownSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'

/**
 * Replaces a file in one step, mode 0600. It belongs to the owner of its directory, so that a start as root
 * does not lock that owner out of the next one.
 */
export function writePrivateFile(file: string, text: string) {
  const draft = writeDraft(file, text)
  try {
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  syncDirectory(path.dirname(file))
}

/** The text of a file of mode 0600, which is made with what `make` answers where there is none. Of two that make it at once one wins for both. */
export function readOrCreatePrivateFile(file: string, make: () => string): string {
  const text = readIfPresent(file)
  if (text !== undefined) return text
  const draft = writeDraft(file, make())
  try {
    linkSync(draft, file)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  syncDirectory(path.dirname(file))
  return readFileSync(file, 'utf8')
}

/** The whole text on the disk under another name, so that nobody reads half of it under its own. */
function writeDraft(file: string, text: string): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const descriptor = openPrivateFile(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
  return draft
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
