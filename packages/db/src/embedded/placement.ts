import { createHash } from 'node:crypto'
import { accessSync, chmodSync, constants, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { StartupError } from '../startup-error.ts'
import { codeOf } from '../private-file.ts'
import { findBarrier } from './reach.ts'
import { readState } from './state.ts'
import { chooseServerUser } from './unprivileged-user.ts'
import type { ServerUser } from './unprivileged-user.ts'

/** `home` holds the cluster, its lock and, where needed, the binaries: the data directory, or a place outside that the server's user reaches. */
export type Placement = { dataDir: string; home: string; clusterDir: string; user: ServerUser }

const outsideBase = '/var/lib/freehold'

/** Decides where the cluster of a data directory lives and whom its server runs as. Makes directories, nothing else. */
export function placeCluster(wantedDataDir: string): Placement {
  const dataDir = prepareDirectory(path.resolve(wantedDataDir))
  const recorded = readState(dataDir).cluster
  const inside = path.join(dataDir, 'postgres')
  const existing = recorded === undefined ? (hasCluster(inside) ? inside : undefined) : path.resolve(dataDir, recorded)
  if (existing) return placeExisting(dataDir, existing)

  const user = chooseServerUser([dataDir])
  const home = findBarrier(dataDir, user) ? prepareOutside(dataDir, user) : dataDir
  const clusterDir = path.join(home, 'postgres')
  return hasCluster(clusterDir) ? placeExisting(dataDir, clusterDir) : { dataDir, home, clusterDir, user }
}

/** Whether there is something at the place of a cluster that is not ours to overwrite. */
export function hasCluster(clusterDir: string) {
  try {
    return readdirSync(clusterDir).length > 0
  } catch (error) {
    return codeOf(error) !== 'ENOENT'
  }
}

function placeExisting(dataDir: string, clusterDir: string): Placement {
  const stat = statSync(clusterDir, { throwIfNoEntry: false })
  if (!stat) {
    throw new StartupError(
      `The database of ${dataDir} should be in ${clusterDir}, which does not exist: bring it back, or choose another data directory.`,
    )
  }
  let user = chooseServerUser([clusterDir, dataDir])
  if (stat.uid !== user.uid) {
    if (stat.uid === 0 || process.getuid?.() !== 0) {
      const remedy = stat.uid === 0 ? `give it back with chown -R ${user.name} ${clusterDir}` : 'start as that user'
      throw new StartupError(`${clusterDir} belongs to user id ${stat.uid}, but PostgreSQL would run as ${user.name}: ${remedy}.`)
    }
    const ids = { uid: stat.uid, gid: stat.gid }
    user = { name: `user id ${stat.uid}`, ...ids, credentials: ids }
  }
  const barrier = findBarrier(clusterDir, user)
  if (barrier)
    throw new StartupError(`${user.name}, who owns the database in ${clusterDir}, cannot enter ${barrier}: chmod o+x ${barrier}.`)
  const real = realpathSync(clusterDir)
  return { dataDir, home: path.dirname(real), clusterDir: real, user }
}

function prepareDirectory(directory: string) {
  try {
    // As root, so that the server's user can pass to its own directory inside without listing ours.
    if (mkdirSync(directory, { recursive: true }) !== undefined) chmodSync(directory, process.getuid?.() === 0 ? 0o711 : 0o700)
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
    if (statSync(directory).isDirectory()) return realpathSync(directory)
  } catch (error) {
    const why = { EACCES: 'permission denied', EROFS: 'read-only file system', ENOSPC: 'the disk is full' }[codeOf(error)] ?? codeOf(error)
    throw new StartupError(
      `The data directory ${directory} is not writable (${why}): give this user write access to it, or choose another one.`,
      {
        cause: error,
      },
    )
  }
  throw new StartupError(`The data directory ${directory} is a file: choose another one.`)
}

function prepareOutside(dataDir: string, user: ServerUser) {
  const home = path.join(outsideBase, createHash('sha256').update(dataDir).digest('hex').slice(0, 16))
  try {
    if (mkdirSync(outsideBase, { recursive: true })) chmodSync(outsideBase, 0o755)
    if (mkdirSync(home, { recursive: true })) chmodSync(home, 0o711)
    const barrier = findBarrier(home, user)
    if (!barrier) return realpathSync(home)
    throw new Error(`${user.name} cannot enter ${barrier}`)
  } catch (error) {
    throw new StartupError(
      `PostgreSQL runs as ${user.name}, who can reach neither ${dataDir} nor ${home} (${error instanceof Error ? error.message : String(error)}): ` +
        `choose a data directory that ${user.name} can reach, such as one below /srv, or set DATABASE_URL.`,
      { cause: error },
    )
  }
}
