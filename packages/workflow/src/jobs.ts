import { createHash } from 'node:crypto'
import type { Db, Tx } from '@freehold/db'
import { PgBoss, type Db as BossDb, type QueueOptions, type QueuePolicy } from 'pg-boss'

/** Where pg-boss keeps its tables. A job holds a run's id and nothing else, since its tables know no tenants. */
export const jobsSchema = 'jobs'
export const runQueue = 'runs'
export type RunJob = { run_id: string }

// `exclusive`, keyed by run: one job of a run waits or is being worked on, and a further one is not inserted.
// Whether its worker lives is told by the heartbeat alone, so the job itself may take as long as pg-boss allows.
export const runQueueOptions: QueueOptions & { policy: QueuePolicy; notify: boolean } = {
  policy: 'exclusive',
  notify: true,
  heartbeatSeconds: 10,
  expireInSeconds: 24 * 3600,
  retryLimit: 1_000_000,
  retryDelay: 0,
  deleteAfterSeconds: 600,
}

/** A pg-boss that starts nothing and runs its statements on `db`. */
export function createBossOn(db: BossDb): PgBoss {
  return new PgBoss({ db, schema: jobsSchema, migrate: false, createSchema: false, supervise: false, schedule: false })
}

/** Runs pg-boss' statements in our transaction. */
export function overTransaction(db: Db): BossDb {
  return {
    async executeSql(text, values = []) {
      return { rows: await db.sql({ name: nameStatement(text), text, values }) }
    },
  }
}

function nameStatement(text: string): string {
  return `job_${createHash('sha256').update(text).digest('hex').slice(0, 20)}`
}

/** Puts a run in the queue in the caller's transaction; nothing happens where it has a job already. */
export async function enqueueRun(tx: Tx, runId: string): Promise<void> {
  const job: RunJob = { run_id: runId }
  await createBossOn(overTransaction(tx)).send(runQueue, job, { singletonKey: runId })
}

/** Takes a run's job away, also from a worker that holds it. */
export async function withdrawRun(tx: Tx, runId: string): Promise<void> {
  const jobs = await tx.sql<{ id: string }>({
    name: 'saga_live_jobs',
    text: `select id from ${jobsSchema}.job where name = '${runQueue}' and coalesce(singleton_key, '') = $1
      and policy = 'exclusive' and state <= 'active'`,
    values: [runId],
  })
  if (jobs.length === 0) return
  await createBossOn(overTransaction(tx)).cancel(
    runQueue,
    jobs.map((job) => job.id),
  )
}
