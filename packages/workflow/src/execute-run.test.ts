import { build } from '@freehold/db'
import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UnknownSaga } from './engine.ts'
import { executeRun } from './execute-run.ts'
import { retryRun, type Saga, saga, stalledAfterMs, startRun } from './index.ts'
import { createEngine, noDelivery } from './test-fixtures/executor.ts'
import { insertLimit, limitStep, listLimits } from './test-fixtures/limits.ts'
import { type Fixture, openFixture } from './test-fixtures/test-place.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture.drop())

async function start(of: Saga<object, never>, now?: Date) {
  const place = await fixture.createWorkspace()
  const runId = newId()
  await fixture.inWorkspace(place, (tx) => startRun(tx, of, { runId, ...place, input: {}, ...(now && { now }) }))
  return { place, runId, execute: (engine = createEngine(fixture.database.writes, [of])) => executeRun(engine, noDelivery(), runId) }
}

/** An executor that stands still before a step's effect until it is let go. */
function createZombie(of: Saga<object, never>, step: string) {
  const reached = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  const engine = createEngine(fixture.database.writes, [of], {
    strike: async (point) => {
      if (point.step !== step || point.at !== 'before_effect') return
      reached.resolve()
      await letGo.promise
    },
  })
  return { engine, reached: reached.promise, letGo: letGo.resolve }
}

test('an executor that was taken over can write nothing more: its effect is rolled back with its journal row', async () => {
  const appends = saga<object, never>('test.appends', [
    {
      name: 'append',
      run: ({ tx, run }) => insertLimit(tx, run.workspaceId, newId()),
      undo: 'none',
      why: 'the test looks at what was written',
    },
  ])
  const { place, runId, execute } = await start(appends)
  const zombie = createZombie(appends, 'append')
  const first = execute(zombie.engine)
  await zombie.reached
  await execute()
  zombie.letGo()
  await expect(first).rejects.toMatchObject({ name: 'Fenced' })

  expect(await fixture.inWorkspace(place, listLimits)).toHaveLength(1)
  expect((await fixture.read(place, runId)).steps).toMatchObject([{ status: 'succeeded', attempts: 2 }])
})

test('an executor that was taken over in an outside step leaves the journal to the other', async () => {
  const keys: string[] = []
  const sends = saga<object, never>('test.sends', [
    { name: 'send', outside: true, run: async ({ idempotencyKey }) => void keys.push(idempotencyKey), undo: async () => undefined },
    limitStep('rest'),
  ])
  const { place, runId, execute } = await start(sends)
  const zombie = createZombie(sends, 'send')
  const first = execute(zombie.engine)
  await zombie.reached
  await execute()
  zombie.letGo()
  await expect(first).rejects.toMatchObject({ name: 'Fenced' })

  expect(keys).toEqual([`${runId}:send`, `${runId}:send`])
  expect((await fixture.read(place, runId)).status).toBe('succeeded')
  expect(await fixture.inWorkspace(place, listLimits)).toEqual(['rest'])
})

test('two executors that start at once perform every step once', async () => {
  const appends = saga<object, never>(
    'test.race',
    ['a', 'b', 'c', 'd'].map((name) => ({
      name,
      run: ({ tx, run }) => insertLimit(tx, run.workspaceId, `${name}-${newId()}`),
      undo: 'none' as const,
      why: 'counted',
    })),
  )
  for (let round = 0; round < 10; round++) {
    const { place, execute } = await start(appends)
    await Promise.allSettled([execute(), execute(), execute()])
    const names = await fixture.inWorkspace(place, listLimits)
    expect(names.map((name) => name.slice(0, 1))).toEqual(['a', 'b', 'c', 'd'])
  }
})

test('GF-06 the retry of a stalled run takes it from whoever holds it', async () => {
  const held = saga<object, never>('test.held', [limitStep('one')])
  const { place, runId, execute } = await start(held, new Date(Date.now() - stalledAfterMs))
  const zombie = createZombie(held, 'one')
  const first = execute(zombie.engine)
  await zombie.reached
  expect(await fixture.read(place, runId)).toMatchObject({ status: 'running', stalled: true })

  await fixture.inWorkspace(place, (tx) => retryRun(tx, { runId, sagas: [held] }))
  expect(await fixture.read(place, runId)).toMatchObject({ status: 'running', stalled: false })
  zombie.letGo()
  await expect(first).rejects.toMatchObject({ name: 'Fenced' })
  await execute()
  expect(await fixture.read(place, runId)).toMatchObject({ status: 'succeeded' })
})

test('a broken connection is no failed attempt', async () => {
  let broken = false
  const breaks = saga<object, never>('test.breaks', [
    limitStep('one'),
    limitStep('two', {
      run: async ({ tx }) => {
        if (broken) return
        broken = true
        await tx.sql({ name: '', text: 'select pg_terminate_backend(pg_backend_pid())', values: [] })
      },
    }),
  ])
  const { place, runId, execute } = await start(breaks)
  await execute()
  expect(broken).toBe(true)
  expect((await fixture.read(place, runId)).steps).toMatchObject([
    { status: 'succeeded', attempts: 1 },
    { status: 'succeeded', attempts: 1, error: null },
  ])
  expect(await fixture.inWorkspace(place, listLimits)).toEqual(['one', 'two'])
})

test('a step that brings its process down again and again is given up', async () => {
  const deadly = saga<object, never>('test.deadly', [limitStep('one'), limitStep('two')])
  const { place, runId, execute } = await start(deadly)
  await fixture.inWorkspace(place, (tx) =>
    tx.run(build.updateTable('hub.saga_step').set({ attempts: 30, status: 'running' }).where('name', '=', 'one')),
  )
  await execute()
  expect(await fixture.read(place, runId)).toMatchObject({ status: 'failed', error: 'one: interrupted too often' })
})

test('a process that does not know a saga leaves its runs alone', async () => {
  const unknown = saga<object, never>('test.unknown', [limitStep('one')])
  const { place, runId, execute } = await start(unknown)
  await expect(execute(createEngine(fixture.database.writes, []))).rejects.toThrow(UnknownSaga)
  expect((await fixture.read(place, runId)).status).toBe('queued')
})
