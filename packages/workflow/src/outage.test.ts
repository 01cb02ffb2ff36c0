import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Database, type EmbeddedPostgres, openDatabase, startEmbeddedPostgres, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installJobs, readRun, saga, startRun, startWorker } from './index.ts'
import { limitStep, listLimits } from './test-fixtures/limits.ts'
import { keepLogs } from './test-fixtures/logs.ts'
import { insertPlace, markRecorded } from './test-fixtures/test-place.ts'

// A server of its own, since it is killed.
let dataDir: string
let server: EmbeddedPostgres
let database: Database
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'freehold-outage-'))
  server = await startEmbeddedPostgres({ dataDir })
  database = await openDatabase({ url: server.url, further: installJobs })
})
afterAll(async () => {
  await database.close()
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})

test('GF-05 a Postgres that is killed inside a step costs the run no attempt, and it goes on when the database is back', async () => {
  let killed = false
  const survives = saga<object, never>('test.survives', [
    limitStep('one'),
    limitStep('two', {
      run: async ({ tx }) => {
        if (killed) return
        killed = true
        process.kill(server.pid, 'SIGKILL')
        await tx.sql({ name: '', text: 'select pg_sleep(5)', values: [] })
      },
    }),
    limitStep('three'),
  ])
  const place = { workspaceId: newId(), accountId: newId() }
  const runId = newId()
  const inWorkspace = <R>(fn: (tx: Tx) => Promise<R>) => database.writes.transaction(place, fn)
  const worker = await startWorker({
    url: database.appUrl,
    writes: database.writes,
    sagas: [survives],
    deps: undefined as never,
    logger: keepLogs(),
  })
  try {
    await inWorkspace(async (tx) => {
      await markRecorded(tx)
      await insertPlace(tx, place)
      await startRun(tx, survives, { runId, ...place, input: {} })
    })
    const status = () =>
      inWorkspace((tx) => readRun(tx, runId)).then(
        (run) => run?.status,
        () => 'away',
      )
    await expect.poll(status, { timeout: 30_000, interval: 100 }).toBe('succeeded')
    const run = await inWorkspace((tx) => readRun(tx, runId))
    expect(run?.steps.map((step) => step.error)).toEqual([null, null, null])
    expect(run?.steps[2]?.attempts).toBe(1)
    expect(await inWorkspace(listLimits)).toEqual(['one', 'three', 'two'])
    const [journal] = await inWorkspace((tx) =>
      tx.sql<{ failures: number }>({ name: '', text: 'select sum(failures)::int as failures from hub.saga_step', values: [] }),
    )
    expect(journal?.failures).toBe(0)
  } finally {
    await worker.stop()
  }
})
