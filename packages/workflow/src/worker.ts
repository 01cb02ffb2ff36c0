import type { WritePool } from '@freehold/db'
import { type Clock, systemClock } from '@freehold/kit'
import { type Job, PgBoss } from 'pg-boss'
import { type Delivery, type Engine, HandedOver, type Logger, pause, UnknownSaga } from './engine.ts'
import { executeRun } from './execute-run.ts'
import { jobsSchema, type RunJob, runQueue } from './jobs.ts'
import { Fenced } from './journal.ts'
import { defaultRetry, indexSagas, type RetryPolicy, type SagaFor } from './saga.ts'
import { flagStalledRuns, putBackRuns } from './sweep-runs.ts'

export type WorkerOptions<Deps> = {
  /** The application role's URL. */
  url: string
  writes: WritePool
  sagas: readonly SagaFor<Deps>[]
  deps: Deps
  logger: Logger
  clock?: Clock
  /** Runs worked on at once. Each costs a look at the queue every second while idle. */
  concurrency?: number
  retry?: Partial<RetryPolicy>
  sweepIntervalMs?: number
}

export type Worker = {
  /** How many runs were unfinished for too long when last looked. */
  stalledRuns(): number
  /** Ends after the steps in hand; their runs go on in another process, or at the next start. */
  stop(): Promise<void>
}

const pauseAfterFaultMs = 1000

/** Starts executing runs, those left unfinished by a process that died included. Needs `installJobs` to have run. */
export async function startWorker<Deps>(options: WorkerOptions<Deps>): Promise<Worker> {
  const { url, writes, sagas, deps, logger, clock = systemClock, concurrency = 4, retry = {}, sweepIntervalMs = 15_000 } = options
  const engine: Engine = {
    writes,
    sagas: indexSagas(sagas),
    deps,
    clock,
    logger,
    retry: { ...defaultRetry, ...retry },
  }
  const boss = createBoss(url)
  boss.on('error', (error) => logger.warn({ err: error }, 'the job queue met an error'))
  boss.on('warning', (warning) => logger.warn({ warning }, 'the job queue warns'))
  const stopping = new AbortController()

  await boss.start()
  const sweeper = sweepUntil(stopping.signal, engine, sweepIntervalMs)
  await sweeper.first
  for (let index = 0; index < concurrency; index++) await work(boss, engine, stopping.signal)

  let stopped: Promise<void> | undefined
  async function stop() {
    stopping.abort()
    await boss.offWork(runQueue, { wait: true })
    await sweeper.ended
    await boss.stop({ graceful: false })
  }
  return { stalledRuns: sweeper.stalledRuns, stop: () => (stopped ??= stop()) }
}

// A worker that died is noticed by its heartbeat, which only the monitor's pass looks at: both intervals count. The queue
// stays small (finished jobs go after ten minutes), so that a pass each second is cheap.
function createBoss(url: string): PgBoss {
  return new PgBoss({
    connectionString: url,
    schema: jobsSchema,
    application_name: 'freehold-jobs',
    max: 4,
    migrate: false,
    createSchema: false,
    schedule: false,
    reindex: false,
    monitorVacuum: false,
    useListenNotify: true,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    maintenanceIntervalSeconds: 60,
    flowIntervalSeconds: 3600,
  })
}

// pg-boss wakes each of its workers once for a notification and lets it sleep after one job, whatever else waits. One
// registration for each worker gives each an id to be woken by when its job is done.
async function work(boss: PgBoss, engine: Engine, stopping: AbortSignal): Promise<void> {
  const id: string = await boss.work<RunJob>(runQueue, { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 }, async ([job]) => {
    try {
      if (job) await deliver(boss, engine, { job, stopping })
    } finally {
      boss.notifyWorker(id)
    }
  })
}

async function deliver(boss: PgBoss, engine: Engine, { job, stopping }: { job: Job<RunJob>; stopping: AbortSignal }): Promise<void> {
  const { run_id: runId } = job.data
  const delivery: Delivery = { lost: job.signal, stopping }
  try {
    await executeRun(engine, delivery, runId)
  } catch (error) {
    if (error instanceof Fenced) return engine.logger.info({ run_id: runId }, 'a run was taken over')
    // Left to the sweep, by which time a process that knows it may have come.
    if (error instanceof UnknownSaga) return engine.logger.error({ run_id: runId, saga: error.message }, 'a run is of a saga unknown here')
    if (!(error instanceof HandedOver)) {
      engine.logger.error({ run_id: runId, err: error }, 'a run was dropped and will be taken up again')
      await pause(pauseAfterFaultMs, stopping)
    }
    // pg-boss keeps the message of what its job ended with, in tables that know no tenants.
    throw new HandedOver('to be delivered again')
  }
}

function sweepUntil(stopping: AbortSignal, engine: Engine, intervalMs: number) {
  let stalled = 0
  async function sweep() {
    try {
      const count = await putBackRuns(engine.writes)
      if (count > 0) engine.logger.warn({ count }, 'unfinished runs were put back')
      stalled = await flagStalledRuns(engine)
    } catch (error) {
      engine.logger.warn({ err: error }, 'unfinished runs could not be looked for')
    }
  }
  const first = sweep()
  async function keepSweeping() {
    await first
    while (!stopping.aborted) {
      await pause(intervalMs, stopping)
      if (!stopping.aborted) await sweep()
    }
  }
  return { first, ended: keepSweeping(), stalledRuns: () => stalled }
}
