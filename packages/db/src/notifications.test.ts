import { createTestDatabase, testCluster, type TestDatabase } from '@freehold/testing'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type Notification, type Notifications, openNotifications } from './notifications.ts'
import { dropDatabase, runAs } from './test-fixtures/notes.ts'

const patience = { timeout: 10_000, interval: 10 }

let db: TestDatabase
const opened: Notifications[] = []
beforeAll(async () => {
  db = await createTestDatabase()
  await db.database.notifications.close() // Ours alone listen.
})
afterEach(async () => {
  for (const notifications of opened.splice(0)) await notifications.close()
})
afterAll(() => dropDatabase(db))

async function open(): Promise<{ notifications: Notifications; heard: (Notification | null)[] }> {
  const notifications = await openNotifications(db.database.appUrl)
  opened.push(notifications)
  const heard: (Notification | null)[] = []
  notifications.on((notification) => heard.push(notification))
  return { notifications, heard }
}

const notify = (payload: string) => runAs(db.database.appUrl, 'select pg_notify($1, $2)', ['freehold', payload])
const event = (id: string): Notification => ({ kind: 'audit', id })
const listeners = () =>
  runAs<{ pid: number }>(
    db.superuserUrl,
    "select pid from pg_stat_activity where application_name = 'freehold-listen' and datname = current_database()",
  )
const killListeners = async () => {
  for (const { pid } of await listeners()) await runAs(db.superuserUrl, `select pg_terminate_backend(${pid})`)
}

test('what a transaction notifies is heard once it is committed, in order, by every listener until it leaves', async () => {
  const { notifications, heard } = await open()
  const others: unknown[] = []
  const leave = notifications.on((notification) => others.push(notification))
  await runAs(db.database.appUrl, `begin; select pg_notify('freehold', '{"kind":"run","id":"rolled back"}'); rollback`)
  await notify(JSON.stringify(event('1')))
  await notify(JSON.stringify(event('2')))
  await vi.waitUntil(() => heard.length === 2, patience)
  leave()
  await notify(JSON.stringify(event('3')))
  await vi.waitUntil(() => heard.length === 3, patience)
  expect(heard).toEqual([event('1'), event('2'), event('3')])
  expect(others).toEqual([event('1'), event('2')])
})

test('what somebody else notifies on the channel is passed over and takes nothing down', async () => {
  const { heard } = await open()
  for (const payload of ['', 'hello', '{"kind":', 'null', '[]', '7', '{"id":"1"}']) await notify(payload)
  await notify(JSON.stringify(event('after')))
  await vi.waitUntil(() => heard.length > 0, patience)
  expect(heard).toEqual([event('after')])
})

test('after each break it listens again by itself, tells once that some may have been missed, and hears each event once', async () => {
  const { heard } = await open()
  for (let round = 1; round <= 3; round++) {
    heard.length = 0
    await killListeners()
    await vi.waitUntil(() => heard.length > 0, patience)
    await notify(JSON.stringify(event(`round ${round}`)))
    await vi.waitUntil(() => heard.length > 1, patience)
    expect(heard).toEqual([null, event(`round ${round}`)])
    expect(await listeners()).toHaveLength(1)
  }
})

test('while the database lets nobody in it keeps trying, and leaves no connection behind', async () => {
  const { heard } = await open()
  const name = new URL(db.url).pathname.slice(1)
  const cluster = testCluster().superuserUrl
  await runAs(cluster, `alter database ${name} with allow_connections false`)
  await runAs(
    cluster,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'freehold-listen' and datname = $1",
    [name],
  )
  await runAs(cluster, `alter database ${name} with allow_connections true`)
  await vi.waitUntil(() => heard.includes(null), patience)
  expect(await listeners()).toHaveLength(1)
})

test('closed in the middle of coming back, it stays closed', async () => {
  const { notifications } = await open()
  await killListeners()
  await notifications.close()
  await vi.waitUntil(async () => (await listeners()).length === 0, patience)
})

test('where it cannot listen at first it says so and does not try on in the background', async () => {
  const wrong = db.database.appUrl.replace(/test_\w+/, 'no_such_database')
  await expect(openNotifications(wrong)).rejects.toThrow('does not exist')
})
