import { newId } from '@freehold/kit'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  type AnySaga,
  cancelRun,
  FatalStepError,
  InvalidRunState,
  readRun,
  retryRun,
  type Saga,
  saga,
  startRun,
  startWorker,
  type Worker,
} from './index.ts'
import { insertLimit, limitStep, listLimits } from './test-fixtures/limits.ts'
import { keepLogs } from './test-fixtures/logs.ts'
import { type Fixture, isOver, openFixture, type Place } from './test-fixtures/test-place.ts'

let fixture: Fixture
let worker: Worker | undefined
beforeAll(async () => {
  fixture = await openFixture()
})
afterEach(async () => {
  await worker?.stop()
  worker = undefined
})
afterAll(() => fixture.drop())

const fast = { attempts: 3, firstDelayMs: 1, longestDelayMs: 5 }

async function work(...sagas: Saga<object, never>[]) {
  worker = await startWorker({
    url: fixture.database.appUrl,
    writes: fixture.database.writes,
    sagas,
    deps: undefined as never,
    logger: keepLogs(),
    retry: fast,
  })
}

async function start(of: Saga<object, never>, done: string[] = []): Promise<{ place: Place; runId: string }> {
  const place = await fixture.createWorkspace()
  const runId = newId()
  await fixture.inWorkspace(place, (tx) => startRun(tx, of, { runId, ...place, input: {}, done }))
  return { place, runId }
}

async function runToEnd(of: Saga<object, never>) {
  await work(of)
  const { place, runId } = await start(of)
  const run = await fixture.waitFor(place, runId, isOver)
  return { place, runId, run, left: await fixture.inWorkspace(place, listLimits) }
}

const operate = (verb: typeof retryRun, place: Place, { runId, of }: { runId: string; of: AnySaga }) =>
  fixture.inWorkspace(place, (tx) => verb(tx, { runId, sagas: [of] }))

const succeeds = saga<object, never>('test.succeeds', [limitStep('one'), limitStep('two')])

test('GF-05 a run performs its steps in order and tells its steps, attempts and times', async () => {
  const { run, left } = await runToEnd(succeeds)
  expect(run).toMatchObject({ kind: 'test.succeeds', status: 'succeeded', stalled: false, error: null })
  expect(run.steps).toMatchObject([
    { name: 'one', status: 'succeeded', attempts: 1, error: null },
    { name: 'two', status: 'succeeded', attempts: 1, error: null },
  ])
  expect(run.steps[0]!.finished_at! <= run.steps[1]!.started_at!).toBe(true)
  expect(left).toEqual(['one', 'two'])
})

test('a run that was started in a transaction that rolled back does not exist', async () => {
  await work(succeeds)
  const place = await fixture.createWorkspace()
  const runId = newId()
  const transaction = fixture.inWorkspace(place, async (tx) => {
    await startRun(tx, succeeds, { runId, ...place, input: {} })
    throw new Error('rolled back')
  })
  await expect(transaction).rejects.toThrow('rolled back')
  expect(await fixture.inWorkspace(place, (tx) => readRun(tx, runId))).toBeUndefined()
  expect(await fixture.look('select id from jobs.job where singleton_key = $1', [runId])).toEqual([])
})

test('a job holds the id of its run and nothing else', async () => {
  const { runId } = await start(succeeds)
  const jobs = await fixture.look<{ data: unknown }>('select data from jobs.job where singleton_key = $1', [runId])
  expect(jobs).toEqual([{ data: { run_id: runId } }])
})

test('another tenant does not see a run', async () => {
  const { runId } = await start(succeeds)
  const rival = await fixture.createWorkspace()
  expect(await fixture.inWorkspace(rival, (tx) => readRun(tx, runId))).toBeUndefined()
  await expect(operate(cancelRun, rival, { runId, of: succeeds })).rejects.toThrow(InvalidRunState)
})

test('a step that fails is tried again, and its attempts are counted', async () => {
  let calls = 0
  const { run } = await runToEnd(
    saga('test.flaky', [
      limitStep('flaky', {
        run: async () => {
          calls += 1
          if (calls < 3) throw new Error(`attempt ${calls}`)
        },
      }),
    ]),
  )
  expect(run).toMatchObject({ status: 'succeeded', error: null, steps: [{ status: 'succeeded', attempts: 3, error: null }] })
})

test('a step that keeps failing has the steps before it undone in reverse order', async () => {
  const undone: string[] = []
  const undo = (name: string) => async () => void undone.push(name)
  const { run, left } = await runToEnd(
    saga('test.fails', [
      limitStep('one', { undo: undo('one') }),
      limitStep('two', { undo: undo('two') }),
      limitStep('three', {
        run: () => Promise.reject(new Error('no')),
        undo: undo('three'),
      }),
    ]),
  )
  expect(run).toMatchObject({ status: 'failed', error: 'three: no' })
  expect(run.steps.map((step) => [step.status, step.attempts, step.error])).toEqual([
    ['undone', 1, null],
    ['undone', 1, null],
    ['failed', 3, 'no'],
  ])
  expect(undone).toEqual(['two', 'one'])
  expect(left).toEqual([])
})

test('a fatal error is not tried again', async () => {
  const { run } = await runToEnd(saga('test.fatal', [limitStep('one', { run: () => Promise.reject(new FatalStepError('never')) })]))
  expect(run).toMatchObject({ status: 'failed', error: 'one: never', steps: [{ status: 'failed', attempts: 1 }] })
})

test('a step that does not end in time has failed', async () => {
  const hanging = saga<object, never>('test.hangs', [
    { ...limitStep('one', { run: () => new Promise(() => undefined) }), retry: { timeoutMs: 20, attempts: 1 } },
  ])
  const { run, left } = await runToEnd(hanging)
  expect(run).toMatchObject({ status: 'failed', error: 'one: one did not end within 20 ms' })
  expect(left).toEqual([])
})

test('an outside step that failed is undone too, since it may have had an effect', async () => {
  const world = new Set<string>()
  const { run } = await runToEnd(
    saga('test.outside', [
      {
        name: 'plane',
        outside: true,
        run: async ({ idempotencyKey }) => {
          world.add(idempotencyKey)
          throw new FatalStepError('half done')
        },
        undo: async ({ idempotencyKey }) => world.delete(idempotencyKey),
      },
    ]),
  )
  expect(run).toMatchObject({ status: 'failed', error: 'plane: half done', steps: [{ status: 'failed', error: 'half done' }] })
  expect(world.size).toBe(0)
})

test('a step may move its transaction to another scope; the journal is written all the same', async () => {
  const other = await fixture.createWorkspace()
  const { run } = await runToEnd(saga('test.moves', [limitStep('one', { run: ({ tx }) => tx.enter({ accountId: other.accountId }) })]))
  expect(run.status).toBe('succeeded')
})

test('a failing undo parks the run, visibly failed, until a retry continues it', async () => {
  let broken = true
  const parks = saga<object, never>('test.parks', [
    limitStep('one'),
    limitStep('two', { undo: () => (broken ? Promise.reject(new Error('stuck')) : Promise.resolve()) }),
    limitStep('three', { run: () => Promise.reject(new FatalStepError('no')) }),
  ])
  const { place, runId, run, left } = await runToEnd(parks)
  expect(run).toMatchObject({ status: 'failed', error: 'undo of two: stuck', stalled: false })
  expect(left).toEqual(['one', 'two'])

  broken = false
  await operate(retryRun, place, { runId, of: parks })
  const end = await fixture.waitFor(place, runId, isOver)
  expect(end.status).toBe('failed')
  expect(end.steps.map((step) => step.status)).toEqual(['undone', 'undone', 'failed'])
  expect(await fixture.inWorkspace(place, listLimits)).toEqual([])
})

test('GF-06 a failed run that is retried starts over, with the hook in the same transaction', async () => {
  let broken = true
  const recovers = saga<object, never>(
    'test.recovers',
    [limitStep('one'), limitStep('two', { run: () => (broken ? Promise.reject(new FatalStepError('no')) : Promise.resolve()) })],
    { onRetry: (tx, run) => insertLimit(tx, run.workspaceId, 'hook') },
  )
  const { place, runId } = await runToEnd(recovers)
  broken = false
  await operate(retryRun, place, { runId, of: recovers })
  const run = await fixture.waitFor(place, runId, isOver)
  expect(run).toMatchObject({ status: 'succeeded', error: null })
  expect(run.steps.map((step) => [step.status, step.attempts])).toEqual([
    ['succeeded', 1],
    ['succeeded', 1],
  ])
  expect(await fixture.inWorkspace(place, listLimits)).toEqual(['hook', 'one', 'two'])
})

test('GF-06 a failed run that is cancelled is cancelled at once, with the hook in the same transaction', async () => {
  const cancels = saga<object, never>('test.cancels', [limitStep('one', { run: () => Promise.reject(new FatalStepError('no')) })], {
    onCancelled: (tx, run) => insertLimit(tx, run.workspaceId, 'hook'),
  })
  const { place, runId } = await runToEnd(cancels)
  await operate(cancelRun, place, { runId, of: cancels })
  expect(await fixture.read(place, runId)).toMatchObject({ status: 'cancelled' })
  expect(await fixture.inWorkspace(place, listLimits)).toEqual(['hook'])
})

test('GF-06 a cancel waits for the step in hand, undoes what was done and ends cancelled', async () => {
  const reasons: string[] = []
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const slow = saga<object, never>('test.slow', [
    limitStep('one', { undo: async ({ reason }) => void reasons.push(reason) }),
    limitStep('two', {
      run: async () => {
        reached.resolve()
        await released.promise
      },
    }),
    limitStep('three'),
  ])
  await work(slow)
  const { place, runId } = await start(slow)
  await reached.promise
  await operate(cancelRun, place, { runId, of: slow })
  expect((await fixture.read(place, runId)).status).toBe('running')
  released.resolve()
  const run = await fixture.waitFor(place, runId, isOver)
  expect(run).toMatchObject({ status: 'cancelled', error: null })
  expect(run.steps.map((step) => step.status)).toEqual(['undone', 'undone', 'pending'])
  expect(reasons).toEqual(['cancelled'])
})

test('a run that nobody has begun can be cancelled', async () => {
  const { place, runId } = await start(succeeds, ['one'])
  await operate(cancelRun, place, { runId, of: succeeds })
  await work(succeeds)
  const run = await fixture.waitFor(place, runId, isOver)
  expect(run.status).toBe('cancelled')
  expect(run.steps.map((step) => step.status)).toEqual(['undone', 'pending'])
})

test('a run that has succeeded can be neither retried nor cancelled, and a running one not retried', async () => {
  const { place, runId } = await runToEnd(succeeds)
  await expect(operate(retryRun, place, { runId, of: succeeds })).rejects.toMatchObject({ name: 'InvalidRunState', status: 'succeeded' })
  await expect(operate(cancelRun, place, { runId, of: succeeds })).rejects.toMatchObject({ name: 'InvalidRunState', status: 'succeeded' })

  await worker?.stop()
  const waiting = await start(succeeds)
  const retry = operate(retryRun, waiting.place, { runId: waiting.runId, of: succeeds })
  await expect(retry).rejects.toMatchObject({ name: 'InvalidRunState', status: 'queued' })
})

test('a worker with more runs than hands takes up the next as soon as it has finished one', async () => {
  await work(succeeds)
  const places = await Promise.all(Array.from({ length: 40 }, () => fixture.createWorkspace()))
  const runs = places.map((place) => ({ place, runId: newId() }))
  const startedAt = performance.now()
  await fixture.database.writes.transaction({ proof: {} }, async (tx) => {
    for (const { place, runId } of runs) {
      await tx.enter(place)
      await startRun(tx, succeeds, { runId, ...place, input: {} })
    }
  })
  for (const { place, runId } of runs) await fixture.waitFor(place, runId, isOver)
  // Woken once and left to its polls, it would take a second for each four.
  expect(performance.now() - startedAt).toBeLessThan(8000)
})

test('many runs at once all end, each effect once', async () => {
  await work(succeeds)
  const runs = await Promise.all(Array.from({ length: 60 }, () => start(succeeds)))
  for (const { place, runId } of runs) {
    expect((await fixture.waitFor(place, runId, isOver)).status).toBe('succeeded')
    expect(await fixture.inWorkspace(place, listLimits)).toEqual(['one', 'two'])
  }
  expect(
    await fixture.look(
      "select run_id from hub.saga_pending p where exists (select from jobs.job where singleton_key = p.run_id::text and state = 'completed')",
    ),
  ).toEqual([])
})

test('a worker that is stopped finishes the step in hand, and another goes on', async () => {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  let calls = 0
  const handed = saga<object, never>('test.handed', [
    limitStep('one', {
      run: async () => {
        calls += 1
        reached.resolve()
        await released.promise
      },
    }),
    limitStep('two'),
  ])
  await work(handed)
  const { place, runId } = await start(handed)
  await reached.promise
  const stopped = worker!.stop()
  released.resolve()
  await stopped
  expect((await fixture.read(place, runId)).steps.map((step) => step.status)).toEqual(['succeeded', 'running'])

  await work(handed)
  expect((await fixture.waitFor(place, runId, isOver)).status).toBe('succeeded')
  expect(calls).toBe(1)
})
