import { closeSync, constants, existsSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartupError } from '../startup-error.ts'
import { codeOf, openPrivateFile, readIfPresent, writePrivateFile } from '../private-file.ts'

export type DirectoryLock = { release(): void }

/**
 * Takes the directory for this process, or throws StartupError naming the process that has it.
 *
 * Node has no flock. SQLite holds a lock of the kernel on its file: atomic, gone with the process however it
 * dies, valid between containers that share a volume, where a pid and its start time mean nothing.
 * Invariant: nothing else in this process opens postgres.lock, since closing it there would drop the lock.
 */
export function lockDirectory(directory: string, dataDir: string): DirectoryLock {
  const file = path.join(directory, 'postgres.lock')
  const holderFile = path.join(directory, 'postgres.host')
  if (!existsSync(file)) createEmpty(file)

  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive')
  } catch (error) {
    lock.close()
    if (!(error instanceof Error && /locked|busy/.test(error.message))) throw error
    throw inUse(dataDir, describeHolder(holderFile))
  }
  try {
    writePrivateFile(holderFile, `${process.pid} ${hostname()}\n`)
  } catch (error) {
    lock.close()
    throw error
  }
  return { release: () => lock.close() }
}

/** The process that took the directory last, whether or not it still lives. Read it before taking the lock. */
export function readLastHolder(directory: string): number | undefined {
  const pid = Number(readIfPresent(path.join(directory, 'postgres.host'))?.split(' ')[0])
  return Number.isInteger(pid) ? pid : undefined
}

export function inUse(dataDir: string, holder: string) {
  return new StartupError(`The data directory ${dataDir} is in use by ${holder}: stop that server first, or choose another data directory.`)
}

function describeHolder(holderFile: string) {
  const [pid, host] = readIfPresent(holderFile)?.trim().split(' ') ?? []
  if (!pid) return 'another server that is just starting'
  return host === hostname() ? `another server (process ${pid})` : `another server (process ${pid} on ${host})`
}

function createEmpty(file: string) {
  try {
    closeSync(openPrivateFile(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}
