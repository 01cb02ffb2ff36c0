import { cloneTemplate, createEmptyDatabase, freePort, testCluster } from '@freehold/testing'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { newDataDir, operatorToken, postmasterOf, type ProcessOptions, runToEnd, startProcess } from './support/server-process.ts'

const isRoot = process.getuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }

/** The one line with which the server refuses to start. */
async function refusalOf(options: ProcessOptions): Promise<string> {
  const { code, errors } = await runToEnd(options)
  expect(code).toBe(1)
  expect(errors).toMatch(/^[^\n]+\n$/)
  return errors.trimEnd()
}

async function onCluster(text: string, url = testCluster().superuserUrl): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}

test('the port is taken: it says so, leaves no database running, and starts as soon as the port is free', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const dataDir = newDataDir()
  const args = ['--port', String(port)]
  expect(await refusalOf({ dataDir, args })).toBe(`Port ${port} is taken. Stop what uses it, or choose another with --port.`)
  expect(postmasterOf(dataDir)).toBeUndefined()
  taken.close()
  await once(taken, 'close')
  const server = await startProcess({ dataDir, args })
  expect((await server.call('GET', '/v1/me', { token: operatorToken(dataDir) })).status).toBe(200)
  expect(server.lines.some((line) => line.startsWith('Set up the first operator: '))).toBe(true)
})

test.each<[string, string[], Record<string, string>, RegExp]>([
  ['a port that is none', ['--port', 'http'], {}, /^The port is "http": use a number from 0 to 65535\.$/],
  ['a port too high', ['--port', '65536'], {}, /^The port is "65536"/],
  ['an unknown option', ['--prot', '1'], {}, /--prot.*See npm start -- --help\.$/],
  ['an address that this machine has not', ['--port', '0', '--host', '192.0.2.1'], {}, /^This machine has no address 192\.0\.2\.1\./],
  [
    'a DATABASE_URL that is no URL',
    [],
    { DATABASE_URL: 'localhost/freehold' },
    /^DATABASE_URL is not a URL that starts with postgres:\/\/ or postgresql:\/\/\.$/,
  ],
  [
    'a DATABASE_URL of something else',
    [],
    { DATABASE_URL: 'mysql://root:secret@localhost/x' },
    /^DATABASE_URL is not a URL that starts with/,
  ],
  ['a root key of the wrong length', [], { FREEHOLD_ROOT_KEY: 'c2hvcnQ=' }, /^FREEHOLD_ROOT_KEY must be 32 bytes in base64/],
  ['an unknown log level', [], { FREEHOLD_LOG_LEVEL: 'loud' }, /^FREEHOLD_LOG_LEVEL is "loud"/],
  ['a region that is no name', [], { FREEHOLD_REGION: 'EU west' }, /^FREEHOLD_REGION is "EU west"/],
])('%s is one clear line, and exit code 1', async (_, args, env, expected) => {
  const address = args.includes('--host') ? { DATABASE_URL: (await emptyDatabase()).url } : {}
  const refusal = await refusalOf({ dataDir: newDataDir(), args, env: { ...env, ...address } })
  expect(refusal).toMatch(expected)
  expect(refusal).not.toContain('secret')
})

async function emptyDatabase() {
  const database = await createEmptyDatabase()
  onTestFinished(() => onCluster(`drop database ${database.name} with (force)`))
  return database
}

test.each<[string, () => Promise<string> | string, RegExp]>([
  [
    'a host that does not exist',
    () => 'postgres://owner:secret@no-such-host.invalid/freehold',
    /^DATABASE_URL does not work: no-such-host\.invalid:5432\/freehold answered ".*(?:ENOTFOUND|EAI_AGAIN)/,
  ],
  [
    'a port where nothing listens',
    async () => `postgres://owner:secret@127.0.0.1:${await freePort()}/freehold`,
    /^DATABASE_URL does not work: 127\.0\.0\.1:\d+\/freehold answered ".*ECONNREFUSED.*Check host, port, user, password and database\.$/,
  ],
  [
    'a user that does not exist',
    () => testCluster().ownerUrl.replace('freehold_owner:owner', 'stranger:secret'),
    /^DATABASE_URL does not work: .*"role "stranger" does not exist"/,
  ],
  [
    'a database that does not exist',
    () => testCluster().ownerUrl.replace(/\/postgres$/, '/nowhere'),
    /^DATABASE_URL does not work: .*"database "nowhere" does not exist"/,
  ],
])('DATABASE_URL with %s is one clear line without the password', async (_, url, expected) => {
  const dataDir = newDataDir()
  const refusal = await refusalOf({ dataDir, env: { DATABASE_URL: await url() } })
  expect(refusal).toMatch(expected)
  expect(refusal).not.toContain('secret')
  expect(existsSync(path.join(dataDir, 'operator-token'))).toBe(false)
})

test('FREEHOLD_APP_DATABASE_URL that does not work, or is of another role, is one clear line', async () => {
  const { url } = await emptyDatabase()
  const refusal = (appUrl: string) => refusalOf({ dataDir: newDataDir(), env: { DATABASE_URL: url, FREEHOLD_APP_DATABASE_URL: appUrl } })
  expect(await refusal('postgres://freehold_app:secret@127.0.0.1:1/x')).toMatch(
    /^FREEHOLD_APP_DATABASE_URL does not work: 127\.0\.0\.1:1\/x answered/,
  )
  expect(await refusal(url)).toMatch(/^FREEHOLD_APP_DATABASE_URL signs in as freehold_owner: make the role freehold_app/)
})

test('BX-08 a database in which a table shows every tenant, or that a newer version has changed, is one clear line', async () => {
  const { name, url } = await cloneTemplate()
  onTestFinished(() => onCluster(`drop database ${name} with (force)`))
  const env = { DATABASE_URL: url }
  await onCluster('create table hub.stray (id int)', url)
  expect(await refusalOf({ dataDir: newDataDir(), env })).toMatch(/^Refusing to start: tenant isolation is not in force\. .*hub\.stray/)
  await onCluster("drop table hub.stray; insert into freehold.migration (name, checksum) values ('9999_future.sql', 'x')", url)
  expect(await refusalOf({ dataDir: newDataDir(), env })).toMatch(
    /^The database has migration 9999_future\.sql, which this version does not know\./,
  )
})

test('a data directory that is a file, or that this user may not write to, is one clear line', async () => {
  const dataDir = newDataDir()
  const file = path.join(path.dirname(dataDir), 'file')
  writeFileSync(file, 'kept')
  expect(await refusalOf({ dataDir: file })).toMatch(new RegExp(`^Cannot write to the data directory ${file}\\. `))
  mkdirSync(dataDir, { mode: 0o555 })
  const user = isRoot ? nobody : {}
  expect(await refusalOf({ dataDir, ...user })).toMatch(new RegExp(`^Cannot write to the data directory ${dataDir}\\. `))
  expect(await refusalOf({ dataDir: path.join(dataDir, 'below'), ...user })).toMatch(/^Cannot write to the data directory /)
})
