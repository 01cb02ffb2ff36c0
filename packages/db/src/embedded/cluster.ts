import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fchownSync, lchownSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { StartupError } from '../startup-error.ts'
import type { Binaries } from './binaries.ts'
import { readIfPresent, syncDirectory } from '../private-file.ts'
import type { Placement } from './placement.ts'
import { CannotBecomeUser, explainFailure, runAsUser } from './run-as-user.ts'
import { makeScramVerifier } from './scram-verifier.ts'
import type { Passwords } from './state.ts'
import type { ServerUser } from './unprivileged-user.ts'

type ClusterOptions = { binaries: Binaries; durable: boolean }

/**
 * Makes the cluster with its roles and database beside its place, then renames it there: a cluster that exists is
 * complete, and a start that was killed in between leaves only a directory that the next one removes.
 */
export async function createCluster(placement: Placement, passwords: Passwords, options: ClusterOptions) {
  const { home, clusterDir, user } = placement
  removeUnfinished(placement)
  const unfinished = `${clusterDir}.new-${randomBytes(6).toString('hex')}`
  const passwordFile = `${unfinished}.password`
  try {
    mkdirSync(unfinished, { mode: 0o700 })
    giveToServer(unfinished, user)
    writePasswordFile(passwordFile, passwords.superuser, user)
    await initialize(unfinished, passwordFile, placement, options)
    rmSync(passwordFile)
    await runSingleUser(unfinished, placement, options, [
      `create role freehold_owner login nosuperuser createrole createdb password '${makeScramVerifier(passwords.owner)}'`,
      'create database freehold owner freehold_owner',
    ])
    renameSync(unfinished, clusterDir)
    syncDirectory(home)
  } catch (error) {
    removeUnfinished(placement)
    throw error
  }
}

/** Gives the two roles these passwords: the file that held the old ones is gone. The server must not be running. */
export async function resetPasswords(placement: Placement, passwords: Passwords, options: ClusterOptions) {
  await runSingleUser(placement.clusterDir, placement, options, [
    `alter role postgres password '${makeScramVerifier(passwords.superuser)}'`,
    `alter role freehold_owner password '${makeScramVerifier(passwords.owner)}'`,
  ])
}

/** Throws StartupError for a cluster that these programs cannot serve. */
export function checkVersion(clusterDir: string, majorVersion: string) {
  const found = readIfPresent(path.join(clusterDir, 'PG_VERSION'))?.trim()
  if (found === majorVersion) return
  throw new StartupError(
    found
      ? `The database in ${clusterDir} was made by PostgreSQL ${found}, and this is PostgreSQL ${majorVersion}: ` +
          'start the Freehold release that made it, take a backup, and restore that into a new data directory.'
      : `${clusterDir} holds files but no PostgreSQL database: move them away, or restore what is missing.`,
  )
}

function giveToServer(directory: string, user: ServerUser) {
  if (user.credentials.uid === undefined) return
  try {
    lchownSync(directory, user.uid, user.gid)
  } catch (error) {
    throw new CannotBecomeUser(user, error)
  }
}

// 0600 from the start, and by its descriptor throughout: who owns the directory could swap the name for a link.
function writePasswordFile(file: string, password: string, user: ServerUser) {
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeSync(descriptor, `${password}\n`)
    if (user.credentials.uid !== undefined) fchownSync(descriptor, user.uid, user.gid)
  } finally {
    closeSync(descriptor)
  }
}

async function initialize(directory: string, passwordFile: string, { user }: Placement, { binaries, durable }: ClusterOptions) {
  // macOS has no C.UTF-8 of its own; the database takes PostgreSQL's either way.
  const locale = process.platform === 'darwin' ? 'C' : 'C.UTF-8'
  const secrecy = ['-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const encoding = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', `--locale=${locale}`]
  const safety = durable ? ['--data-checksums'] : ['--data-checksums', '--no-sync']
  const result = await runAsUser(path.join(binaries.directory, 'bin/initdb'), ['-D', directory, ...secrecy, ...encoding, ...safety], {
    user,
    environment: binaries.environment,
  })
  if (result.code !== 0) throw failure('create its database', result, directory)
}

// Statements run inside the server program itself: no port is open and no password is in force yet. A blank line ends a statement.
async function runSingleUser(directory: string, { user }: Placement, { binaries, durable }: ClusterOptions, statements: string[]) {
  const result = await runAsUser(
    path.join(binaries.directory, 'bin/postgres'),
    ['--single', '-j', '-D', directory, '-c', 'exit_on_error=true', ...(durable ? [] : ['-c', 'fsync=off']), 'template1'],
    { user, environment: binaries.environment, input: statements.map((statement) => `${statement};\n\n`).join('') },
  )
  if (result.code !== 0) throw failure('prepare its roles', result, directory)
}

function failure(task: string, result: { code: number | null; signal: string | null; output: string }, directory: string) {
  const ending = result.signal ?? `exit code ${result.code}`
  return new StartupError(
    `The embedded PostgreSQL could not ${task} (${ending}): ${explainFailure(result.output, path.dirname(directory))}`,
  )
}

function removeUnfinished({ home, clusterDir }: Placement) {
  const prefix = `${path.basename(clusterDir)}.new-`
  for (const name of readdirSync(home)) {
    if (name.startsWith(prefix)) rmSync(path.join(home, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
}

/** Moves a cluster out of the way, never deletes it. Returns where it went. */
export function setClusterAside(clusterDir: string) {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const aside = `${clusterDir}.earlier-${stamp}`
  if (existsSync(aside)) throw new StartupError(`${aside} exists already: start again.`)
  renameSync(clusterDir, aside)
  return aside
}
