import { build } from '@freehold/db'
import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { executeRun } from './execute-run.ts'
import { cancelRun, saga, stalledAfterMs, startRun, startWorker } from './index.ts'
import { withdrawRun } from './jobs.ts'
import { flagStalledRuns, putBackRuns } from './sweep-runs.ts'
import { createEngine, noDelivery } from './test-fixtures/executor.ts'
import { insertLimit, limitStep, listLimits } from './test-fixtures/limits.ts'
import { keepLogs } from './test-fixtures/logs.ts'
import { type Fixture, isOver, openFixture } from './test-fixtures/test-place.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture.drop())

const watched = saga<object, never>('test.watched', [limitStep('one')], {
  onStalled: (tx, run) => insertLimit(tx, run.workspaceId, newId()),
})

async function start(now = new Date()) {
  const place = await fixture.createWorkspace()
  const runId = newId()
  await fixture.inWorkspace(place, (tx) => startRun(tx, watched, { runId, ...place, input: {}, now }))
  return { place, runId }
}

const countJobs = async (runId: string) => {
  const [row] = await fixture.look<{ count: number }>("select count(*)::int from jobs.job where singleton_key = $1 and state <= 'active'", [
    runId,
  ])
  return row?.count
}

test('GF-06 a run that is unfinished after ten minutes is flagged once, with the hook in the same transaction, and counted', async () => {
  const fresh = await start()
  const { place, runId } = await start(new Date(Date.now() - stalledAfterMs))
  const engine = createEngine(fixture.database.writes, [watched])
  expect(await flagStalledRuns(engine)).toBe(1)
  expect(await flagStalledRuns(engine)).toBe(1)
  expect(await fixture.read(place, runId)).toMatchObject({ status: 'queued', stalled: true })
  expect(await fixture.inWorkspace(place, listLimits)).toHaveLength(1)
  expect(await fixture.read(fresh.place, fresh.runId)).toMatchObject({ stalled: false })

  await executeRun(engine, noDelivery(), runId)
  expect(await flagStalledRuns(engine)).toBe(0)
  expect(await fixture.read(place, runId)).toMatchObject({ status: 'succeeded', stalled: false })
})

test('two sweeps at once flag a run once', async () => {
  const { place, runId } = await start(new Date(Date.now() - stalledAfterMs))
  const engine = createEngine(fixture.database.writes, [watched])
  for (const flagged of await Promise.all([flagStalledRuns(engine), flagStalledRuns(engine), flagStalledRuns(engine)]))
    expect(flagged).toBe(1)
  expect(await fixture.inWorkspace(place, listLimits)).toHaveLength(1)
  await executeRun(engine, noDelivery(), runId)
})

test('GF-05 an unfinished run that lost its job gets one, and one only', async () => {
  const { place, runId } = await start()
  await fixture.inWorkspace(place, (tx) => withdrawRun(tx, runId))
  expect(await countJobs(runId)).toBe(0)
  await Promise.all([putBackRuns(fixture.database.writes), putBackRuns(fixture.database.writes), putBackRuns(fixture.database.writes)])
  expect(await countJobs(runId)).toBe(1)
  expect(await putBackRuns(fixture.database.writes)).toBe(0)
})

test('a cancel gives a run without a job one, and leaves a run that has one with it', async () => {
  const { place, runId } = await start()
  const cancel = () => fixture.inWorkspace(place, (tx) => cancelRun(tx, { runId, sagas: [watched] }))
  await cancel()
  expect(await countJobs(runId)).toBe(1)
  await fixture.inWorkspace(place, (tx) => withdrawRun(tx, runId))
  await cancel()
  expect(await countJobs(runId)).toBe(1)
})

test('a parked run that is cancelled gets a job of its own, even while the one that parked it is being put away', async () => {
  const { place, runId } = await start()
  await fixture.look("update jobs.job set state = 'active', started_on = now() where singleton_key = $1 returning id", [runId])
  await fixture.inWorkspace(place, async (tx) => {
    await tx.run(build.updateTable('hub.saga_run').set({ status: 'failed', parked: true }).where('id', '=', runId))
    await cancelRun(tx, { runId, sagas: [watched] })
  })
  const jobs = await fixture.look<{ state: string }>('select state from jobs.job where singleton_key = $1 order by state', [runId])
  expect(jobs.map((job) => job.state)).toEqual(['created', 'cancelled'])
})

test('GF-05 a worker that starts takes up what was left without a job, and tells how many runs are stalled', async () => {
  const { place, runId } = await start(new Date(Date.now() - stalledAfterMs))
  await fixture.inWorkspace(place, (tx) => withdrawRun(tx, runId))
  const worker = await startWorker({
    url: fixture.database.appUrl,
    writes: fixture.database.writes,
    sagas: [watched],
    deps: undefined as never,
    logger: keepLogs(),
  })
  try {
    expect(worker.stalledRuns()).toBe(1)
    expect((await fixture.waitFor(place, runId, isOver)).status).toBe('succeeded')
  } finally {
    await worker.stop()
  }
})
