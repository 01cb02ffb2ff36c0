import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { createTestDatabase, freePort, type TestDatabase } from '@freehold/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DatabaseUnavailable, EpochMoved, isConnectionLost, isUniqueViolation, translateDatabaseError } from './database-errors.ts'
import { dropDatabase, runAs } from './test-fixtures/notes.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => dropDatabase(db))

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const failingAs = (url: string, text: string) => failureOf(runAs(url, text))

test.each([
  ['a statement out of time', "set statement_timeout = '1ms'; select pg_sleep(1)"],
  ['a cancelled statement', "do $$ begin raise exception 'x' using errcode = '57014'; end $$"],
  ['a deadlock', "do $$ begin raise exception 'x' using errcode = '40P01'; end $$"],
  ['a full disk', "do $$ begin raise exception 'x' using errcode = '53100'; end $$"],
])('%s is told as an outage: later it may go well', async (_, text) => {
  const error = await failingAs(db.url, text)
  expect(error).toBeInstanceOf(pg.DatabaseError)
  expect(translateDatabaseError(error)).toBeInstanceOf(DatabaseUnavailable)
})

test('a lock that is not given in time is told as an outage', async () => {
  const holder = new pg.Client({ connectionString: db.url })
  await holder.connect()
  await holder.query("select pg_advisory_lock(hashtextextended('held', 0))")
  const error = await failingAs(db.url, "set lock_timeout = '1ms'; select pg_advisory_lock(hashtextextended('held', 0))")
  await holder.end()
  expect(translateDatabaseError(error)).toBeInstanceOf(DatabaseUnavailable)
  expect(isConnectionLost(error)).toBe(false)
})

test('a refused connection, a host without a name and one that never answers are outages', async () => {
  const silent: Server = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  const silentPort = typeof address === 'object' && address ? address.port : 0
  const connect = (host: string, port: number) => failureOf(new pg.Client({ host, port, connectionTimeoutMillis: 200 }).connect())
  const errors = [
    await connect('127.0.0.1', await freePort()),
    await connect('no-such-host.invalid', 5432),
    await connect('127.0.0.1', silentPort),
  ]
  silent.close()
  for (const error of errors) {
    expect(error).toBeInstanceOf(Error)
    expect(isConnectionLost(error), String(error)).toBe(true)
    expect(translateDatabaseError(error)).toBeInstanceOf(DatabaseUnavailable)
  }
})

test('a back end that is shut down under a statement is an outage', async () => {
  const client = new pg.Client({ connectionString: db.url })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const sleeping = failureOf(client.query('select pg_sleep(10)'))
  await runAs(db.superuserUrl, `select pg_terminate_backend(${rows[0]!.pid})`)
  expect(isConnectionLost(await sleeping)).toBe(true)
  expect(isConnectionLost(await failureOf(client.query('select 1')))).toBe(true)
})

test('a moved gate is told as such; what the statement did wrong is passed on as it is', async () => {
  expect(
    translateDatabaseError(await failingAs(db.url, "do $$ begin raise exception 'moved' using errcode = 'FH001'; end $$")),
  ).toBeInstanceOf(EpochMoved)
  for (const text of ['select 1 / 0', 'selec', "select 'x'::uuid"]) {
    const error = await failingAs(db.url, text)
    expect(translateDatabaseError(error)).toBe(error)
  }
  expect(translateDatabaseError('text')).toBe('text')
  expect(isConnectionLost('text')).toBe(false)
})

test('a unique violation is told, by its constraint where one is named', async () => {
  const error = await failingAs(db.superuserUrl, 'create temp table t (a int constraint only_one unique); insert into t values (1), (1)')
  expect([isUniqueViolation(error), isUniqueViolation(error, 'only_one'), isUniqueViolation(error, 'other')]).toEqual([true, true, false])
  expect(isUniqueViolation(new Error('23505'))).toBe(false)
})
