import { mkdir, open, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ObjectsUnavailable } from '../object-errors.ts'

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? ''
}

/** Runs something that touches the disk and nothing else; a fault of it makes the store unavailable. `missing` answers ENOENT. */
export async function onDisk<Result, Missing = never>(work: () => Promise<Result>, missing?: () => Missing): Promise<Result | Missing> {
  try {
    return await work()
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && missing) return missing()
    if (codeOf(error) !== '') throw new ObjectsUnavailable(`the directory of objects does not work (${codeOf(error)})`, { cause: error })
    throw error
  }
}

/** Makes a directory's entries last over a loss of power. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a directory and those above it, for this user alone, lastingly. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made))
}

/** Moves a synced file to where it is seen, lastingly and in place of what is there. */
export async function publish(from: string, to: string): Promise<void> {
  for (let triesLeft = 5; ; triesLeft--) {
    await makeDirectory(dirname(to))
    try {
      await rename(from, to)
      break
    } catch (error) {
      // A deletion may take the emptied directory away between the two.
      if (codeOf(error) !== 'ENOENT' || triesLeft === 0) throw error
    }
  }
  await syncDirectory(dirname(to))
}

/** Removes a file; false where there was none. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** Removes a file that nobody sees, as far as that can be done: what is left is swept later. */
export async function dropFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined)
}

/** Removes a directory if it is empty; true where it is gone. */
export async function removeIfEmpty(path: string): Promise<boolean> {
  try {
    await rmdir(path)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'EBUSY'].includes(codeOf(error))) return false
    if (codeOf(error) === 'ENOENT') return true
    throw error
  }
}
