import { build, type WritePool } from '@freehold/db'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createUseRecorder } from './index.ts'
import { openWorld, type World } from './test-fixtures/world.ts'

let world: World
let token: string
beforeAll(async () => {
  world = await openWorld()
  token = (await world.start()).token
})
afterAll(() => world.close())

const usesOf = (userId: string) =>
  world.database.reads
    .under({ principalId: userId })
    .rows(build.selectFrom('hub.credential_use').select(['credential_id', 'last_used_at', 'last_ip']))

/** The pool, with a count of the transactions that it ran. */
function countedPool() {
  const counted: WritePool & { transactions: number } = {
    ...world.database.writes,
    transactions: 0,
    transaction(...args) {
      counted.transactions++
      return world.database.writes.transaction(...args)
    },
  }
  return counted
}

test('uses are written once a flush for each credential, the latest of them, under the scope of its holder', async () => {
  const other = await world.addUser('other@example.com')
  const [{ principal: first }, { principal: second }] = [await world.known(token), await world.known(other.token)]
  const writes = countedPool()
  const recorder = createUseRecorder({ writes, clock: world.clock, flushMs: 3_600_000 })
  for (let n = 0; n < 500; n++) recorder.record(first, '192.0.2.1', null)
  world.clock.advance(1000)
  recorder.record(first, '192.0.2.2', null)
  recorder.record(second, '192.0.2.3', null)
  expect(writes.transactions).toBe(0)
  await recorder.flush()
  expect(writes.transactions).toBe(2)
  const usedAt = world.clock.now()
  expect(await usesOf(first.id)).toEqual([{ credential_id: first.credential.id, last_used_at: usedAt, last_ip: '192.0.2.2' }])
  expect(await usesOf(second.id)).toEqual([{ credential_id: second.credential.id, last_used_at: usedAt, last_ip: '192.0.2.3' }])

  await recorder.flush()
  expect(writes.transactions).toBe(2)
  const listed = await world.handlers.listMyTokens(await world.known(token), { params: {}, query: {}, body: undefined })
  expect(listed.items[0]).toMatchObject({ name: 'operator-token', last_used_at: usedAt.toISOString() })
})

test('an earlier use that arrives late moves nothing back', async () => {
  const { principal } = await world.known(token)
  const [late, early] = [world.clock.now(), new Date(world.clock.now().getTime() - 60_000)]
  for (const at of [late, early]) {
    const recorder = createUseRecorder({ writes: world.database.writes, clock: { now: () => at } })
    recorder.record(principal, '192.0.2.9', null)
    await recorder.close()
  }
  expect((await usesOf(principal.id))[0]!.last_used_at).toEqual(late)
})

test('it flushes by itself, and what is left when it closes', async () => {
  const { principal } = await world.known(token)
  const recorder = createUseRecorder({ writes: world.database.writes, clock: world.clock, flushMs: 1 })
  world.clock.advance(1000)
  recorder.record(principal, '192.0.2.10', null)
  await vi.waitFor(async () => expect((await usesOf(principal.id))[0]!.last_ip).toBe('192.0.2.10'))

  const slow = createUseRecorder({ writes: world.database.writes, clock: world.clock, flushMs: 3_600_000 })
  world.clock.advance(1000)
  slow.record(principal, '192.0.2.11', null)
  await Promise.all([recorder.close(), slow.close()])
  expect((await usesOf(principal.id))[0]!.last_ip).toBe('192.0.2.11')
})

test('a database that is away is logged, and nothing throws', async () => {
  const { principal } = await world.known(token)
  const logged: string[] = []
  const recorder = createUseRecorder({
    writes: { ...world.database.writes, transaction: () => Promise.reject(new Error('away')) },
    clock: world.clock,
    logger: { warn: (_detail, message) => void logged.push(message) },
  })
  recorder.record(principal, '192.0.2.1', null)
  await recorder.flush()
  expect(logged).toEqual(['the last use of credentials could not be written'])
})

test('memory is bounded: beyond ten thousand credentials uses go unrecorded', async () => {
  const { principal } = await world.known(token)
  const rows: number[] = []
  const writes: WritePool = {
    ...world.database.writes,
    transaction: async (_scope, fn) =>
      fn({
        run: async (query: { compile(): { parameters: readonly unknown[] } }) => rows.push(query.compile().parameters.length / 5),
      } as never),
  }
  const recorder = createUseRecorder({ writes, clock: world.clock, flushMs: 3_600_000 })
  for (let n = 0; n < 10_050; n++)
    recorder.record({ ...principal, credential: { ...principal.credential, id: String(n) } }, '192.0.2.1', null)
  await recorder.flush()
  expect(rows.reduce((sum, count) => sum + count, 0)).toBe(10_000)
})
