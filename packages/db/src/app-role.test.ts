import { createEmptyDatabase, startCluster, testCluster, type RunningCluster } from '@freehold/testing'
import { appendFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appRole, ensureAppRole, refuseOtherRole } from './app-role.ts'
import { openDatabase } from './database.ts'
import { refuseOldServer } from './startup-connection.ts'
import { StartupError } from './startup-error.ts'
import { runAs } from './test-fixtures/notes.ts'

// A cluster of its own: roles belong to a cluster, and the others' tests need theirs. It asks for passwords.
let cluster: RunningCluster
const withUser = (user: string, password = '') => {
  const url = new URL(cluster.ownerUrl)
  url.username = user
  url.password = password
  return url.href
}
const roleOf = (url: string) => runAs<{ role: string }>(url, 'select current_user as role').then((rows) => rows[0]?.role)
const dropRole = async () => {
  const [found] = await runAs(cluster.superuserUrl, 'select from pg_roles where rolname = $1', [appRole])
  if (found) await runAs(cluster.superuserUrl, `drop owned by ${appRole}; drop role ${appRole}`)
}

beforeAll(async () => {
  cluster = await startCluster()
  await runAs(cluster.superuserUrl, "create role plain login password 'plain'")
  await askForPasswords(cluster.superuserUrl)
})
afterAll(() => cluster.stop())

async function askForPasswords(superuserUrl: string): Promise<void> {
  const [row] = await runAs<{ path: string }>(superuserUrl, "select current_setting('hba_file') as path")
  writeFileSync(row!.path, 'host all postgres all trust\n')
  appendFileSync(row!.path, 'host all all all scram-sha-256\n')
  await runAs(superuserUrl, 'select pg_reload_conf()')
}

test('the role is made once, can do nothing but sign in, and its password comes from the migrator’s', async () => {
  await dropRole()
  const url = await ensureAppRole(cluster.ownerUrl)
  expect(await ensureAppRole(cluster.ownerUrl)).toBe(url)
  expect(await roleOf(url)).toBe(appRole)
  expect(url).not.toContain('owner')
  const [role] = await runAs(
    cluster.superuserUrl,
    'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit, rolreplication from pg_roles where rolname = $1',
    [appRole],
  )
  expect(Object.values(role!)).toEqual([false, false, false, false, false, false])
  await expect(runAs(withUser(appRole, 'guess'), 'select 1')).rejects.toThrow('password authentication failed')
})

test('processes that start at once agree on the role and its password', async () => {
  for (let round = 0; round < 3; round++) {
    await dropRole()
    const urls = await Promise.all(Array.from({ length: 6 }, () => ensureAppRole(cluster.ownerUrl)))
    expect(new Set(urls).size).toBe(1)
    expect(await roleOf(urls[0]!)).toBe(appRole)
  }
})

test('after the migrator’s password was changed the role can sign in again', async () => {
  await ensureAppRole(cluster.ownerUrl)
  await runAs(cluster.superuserUrl, "alter role freehold_owner password 'changed'")
  const changed = withUser('freehold_owner', 'changed')
  const urls = await Promise.all(Array.from({ length: 4 }, () => ensureAppRole(changed)))
  expect(await roleOf(urls[0]!)).toBe(appRole)
  await runAs(cluster.superuserUrl, "alter role freehold_owner password 'owner'")
})

test('a migrator without a password gives the role none, rather than one that everybody could derive', async () => {
  await dropRole()
  const url = await ensureAppRole(cluster.superuserUrl)
  const [role] = await runAs(cluster.superuserUrl, 'select rolpassword from pg_authid where rolname = $1', [appRole])
  expect(role).toEqual({ rolpassword: null })
  expect(new URL(url).searchParams.has('password')).toBe(false)
  await dropRole()
})

test('user and password may stand in the parameters of the URL', async () => {
  await dropRole()
  const url = new URL(cluster.ownerUrl)
  url.username = ''
  url.password = ''
  url.searchParams.set('user', 'freehold_owner')
  url.searchParams.set('password', 'owner')
  expect(await roleOf(await ensureAppRole(url.href))).toBe(appRole)
  expect(await roleOf(await ensureAppRole(cluster.ownerUrl))).toBe(appRole)
})

test('a migrator that may not make roles is refused with both ways out', async () => {
  await dropRole()
  await expect(ensureAppRole(withUser('plain', 'plain'))).rejects.toThrow(StartupError)
  await expect(ensureAppRole(withUser('plain', 'plain'))).rejects.toThrow(
    /may not create the role freehold_app.*CREATEROLE.*FREEHOLD_APP_DATABASE_URL/,
  )
})

test.each([
  [
    'a wrong password',
    () => withUser('freehold_owner', 'wrong'),
    /^DATABASE_URL does not work: 127\.0\.0\.1:\d+\/postgres answered "password authentication failed/,
  ],
  ['an unknown user', () => withUser('nobody', 'x'), /^DATABASE_URL does not work: .*password authentication failed/],
  [
    'an unknown database',
    () => cluster.ownerUrl.replace(/\/postgres$/, '/nowhere'),
    /^DATABASE_URL does not work: .*"database "nowhere" does not exist"/,
  ],
  [
    'a port where nothing is',
    () => 'postgres://owner:secret@127.0.0.1:1/freehold',
    /^DATABASE_URL does not work: 127\.0\.0\.1:1\/freehold answered ".*ECONNREFUSED/,
  ],
  [
    'a host that does not exist',
    () => 'postgres://owner:secret@no-such-host.invalid/freehold',
    /^DATABASE_URL does not work: no-such-host\.invalid:5432\/freehold answered ".*(?:ENOTFOUND|EAI_AGAIN)/,
  ],
])('%s is one line that names the place and no password', async (_, url, expected) => {
  const error = await ensureAppRole(url()).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StartupError)
  expect((error as Error).message).toMatch(expected)
  expect((error as Error).message).not.toMatch(/secret|wrong|\n/)
})

test('a server older than 15 is refused with its version', () => {
  expect(() => refuseOldServer(140_012, 'DATABASE_URL')).toThrow(
    new StartupError('DATABASE_URL names PostgreSQL 14; Freehold needs 15 or later.'),
  )
  expect(() => refuseOldServer(90_624, 'DATABASE_URL')).toThrow('PostgreSQL 9')
  for (const version of [150_000, 150_018, 180_004]) expect(() => refuseOldServer(version, 'DATABASE_URL')).not.toThrow()
})

test('an application URL of one’s own must work and sign in as the role that the migrations grant to', async () => {
  await ensureAppRole(cluster.ownerUrl)
  await expect(refuseOtherRole(withUser('plain', 'plain'))).rejects.toThrow('signs in as plain: make the role freehold_app')
  await expect(refuseOtherRole(withUser(appRole, 'wrong'))).rejects.toThrow(/^FREEHOLD_APP_DATABASE_URL does not work/)
  await expect(openDatabase({ url: cluster.ownerUrl, appUrl: withUser('plain', 'plain') })).rejects.toThrow(StartupError)
})

test('with an application URL of one’s own, a migrator without CREATEROLE will do', async () => {
  await dropRole()
  await runAs(cluster.superuserUrl, `create role ${appRole} login password 'own'`)
  await runAs(cluster.superuserUrl, 'create database owned owner plain')
  const own = (user: string, password: string) => withUser(user, password).replace(/\/postgres$/, '/owned')
  const database = await openDatabase({ url: own('plain', 'plain'), appUrl: own(appRole, 'own'), readConnections: 1, writeConnections: 1 })
  await database.close()
  await runAs(cluster.superuserUrl, 'drop database owned with (force)')
})

test('a superuser as the migrator will do: the application still is the unprivileged role', async () => {
  const { name, superuserUrl } = await createEmptyDatabase()
  const database = await openDatabase({ url: superuserUrl, readConnections: 1, writeConnections: 1 })
  expect(await roleOf(database.appUrl)).toBe(appRole)
  await database.close()
  await runAs(testCluster().superuserUrl, `drop database ${name} with (force)`)
})
