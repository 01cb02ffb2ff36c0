import path from 'node:path'
import { StartupError } from '../startup-error.ts'
import { findInstalledPrograms, prepareBinaries } from './binaries.ts'
import type { InstalledPrograms } from './binaries.ts'
import { inUse, lockDirectory, readLastHolder } from './directory-lock.ts'
import { findPostmaster } from './leftovers.ts'
import { openLogFile } from './log-file.ts'
import { placeCluster } from './placement.ts'
import type { Placement } from './placement.ts'
import { choosePort } from './port.ts'
import { prepareCluster } from './prepare-cluster.ts'
import { codeOf } from '../private-file.ts'
import { ServerStartError } from './server-process.ts'
import type { ServerSettings } from './server-process.ts'
import { readPasswords, readState, writeState } from './state.ts'
import { supervise } from './supervise.ts'

/** `url` is the migrator's: role freehold_owner, which owns the database freehold and is no superuser. */
export type EmbeddedPostgres = {
  url: string
  dataDir: string
  clusterDir: string
  /** The postmaster's, which changes when it was started again. */
  readonly pid: number
  /** Shuts the server down and gives the directory back. */
  stop(): Promise<void>
  /** Hears one line when the server could not be kept running and was given up. */
  onExit(listener: (why: string) => void): void
}

export type EmbeddedPostgresOptions = {
  dataDir: string
  /** Without one (or 0): the port of the last start when it is free, else any. */
  port?: number
  onProgress?: (line: string) => void
  /** false: no fsync, for tests. A killed process still loses nothing; a power failure does. */
  durable?: boolean
}

/**
 * Starts a real PostgreSQL on a data directory, which the first start makes, and keeps it running until `stop` or our death.
 * Loopback only, passwords of 256 bits. Throws StartupError, one line for the operator; nothing is damaged then.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const installed = findInstalledPrograms()
  try {
    const placement = placeCluster(options.dataDir)
    refuseServedCluster(placement)
    const lock = lockDirectory(placement.home, placement.dataDir)
    try {
      return await startLocked(placement, { ...options, installed, unlock: lock.release })
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    throw explainSystemError(error, options.dataDir)
  }
}

type LockedOptions = EmbeddedPostgresOptions & { installed: InstalledPrograms; unlock: () => void }

async function startLocked(placement: Placement, options: LockedOptions): Promise<EmbeddedPostgres> {
  const { onProgress: report = () => {}, durable = true, installed, unlock } = options
  const { dataDir, home, clusterDir, user } = placement
  const binaries = prepareBinaries(installed, home, user, report)
  const passwords = await prepareCluster(placement, { binaries, durable, report })
  writeState(dataDir, { ...readState(dataDir), cluster: home === dataDir ? path.basename(clusterDir) : clusterDir })
  if (home !== dataDir) report(`The database of ${dataDir} is in ${clusterDir}, where ${user.name} can reach it`)

  const log = openLogFile(path.join(dataDir, 'postgres.log'))
  try {
    const settings = { binaries, user, clusterDir, log, durable }
    const { server, port } = await superviseOnSomePort(settings, { wanted: options.port, dataDir, report })
    let stopped: Promise<void> | undefined
    async function stop() {
      await server.stop()
      log.close()
      unlock()
    }
    return {
      url: `postgres://freehold_owner:${passwords.owner}@127.0.0.1:${port}/freehold`,
      dataDir,
      clusterDir,
      get pid() {
        return server.pid()
      },
      stop: () => (stopped ??= stop()),
      onExit: server.onExit,
    }
  } catch (error) {
    log.close()
    throw error
  }
}

type PortOptions = { wanted: number | undefined; dataDir: string; report: (line: string) => void }

async function superviseOnSomePort(settings: Omit<ServerSettings, 'port'>, { wanted, dataDir, report }: PortOptions) {
  const state = readState(dataDir)
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(wanted, attempt === 1 ? state.port : undefined)
    try {
      const server = await supervise({ ...settings, port }, report)
      writeState(dataDir, { ...state, port })
      return { server, port }
    } catch (error) {
      // Somebody took the port between our look and the server's. With a wish there is no other to try.
      if (wanted || attempt === 5 || !(error instanceof ServerStartError && error.reason === 'port_taken')) throw error
    }
  }
}

// The lock says so too. It is lost, though, to a volume without locks: then a living server must not be taken for an orphan.
function refuseServedCluster({ home, dataDir, clusterDir }: Placement) {
  const holder = readLastHolder(home)
  const postmaster = findPostmaster(clusterDir)
  if (postmaster && holder === postmaster.parentPid && holder !== 1 && holder !== process.pid) {
    throw inUse(dataDir, `another server (process ${holder})`)
  }
}

function explainSystemError(error: unknown, dataDir: string) {
  const why = {
    ENOSPC: 'the disk is full: free some space and start again',
    EDQUOT: 'the disk quota is used up: free some space and start again',
    EACCES: 'some of its files belong to another user: start as that user, or give them to this one',
    EPERM: 'some of its files belong to another user: start as that user, or give them to this one',
    EROFS: 'the file system is read-only: choose another data directory',
  }[codeOf(error)]
  if (!why || error instanceof StartupError) return error
  return new StartupError(`The embedded PostgreSQL cannot start on the data directory ${dataDir}: ${why}.`, { cause: error })
}

/** The migrator's URL of a server that another process of this machine keeps running on the directory; null where none does. */
export function findServedPostgres(wantedDataDir: string): string | null {
  const { home, dataDir, clusterDir } = placeCluster(wantedDataDir)
  const postmaster = findPostmaster(clusterDir)
  if (!postmaster || readLastHolder(home) !== postmaster.parentPid) return null
  const [{ port }, passwords] = [readState(dataDir), readPasswords(dataDir)]
  return port && passwords ? `postgres://freehold_owner:${passwords.owner}@127.0.0.1:${port}/freehold` : null
}
