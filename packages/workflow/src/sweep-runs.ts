import type { Scope, WritePool } from '@freehold/db'
import type { Engine } from './engine.ts'
import { enqueueRun, jobsSchema, runQueue } from './jobs.ts'
import { findRunPlace, notifyRun } from './journal.ts'
import { type RunRecord, stalledAfterMs } from './saga.ts'

// What is swept here holds ids only: no tenant is entered to find it.
const noTenant: Scope = { proof: {} }
const mostAtOnce = 500

/** Gives unfinished runs that have no job one again, each under the lock of its pending row. Answers how many. */
export async function putBackRuns(writes: WritePool): Promise<number> {
  const lost = await writes.transaction(noTenant, (tx) =>
    tx.sql<{ run_id: string }>({
      name: 'saga_lost',
      text: `select p.run_id from hub.saga_pending p
        where not exists (select from ${jobsSchema}.job j where j.name = '${runQueue}' and coalesce(j.singleton_key, '') = p.run_id::text
          and j.policy = 'exclusive' and j.state <= 'active')
        order by p.run_id limit ${mostAtOnce}`,
      values: [],
    }),
  )
  let count = 0
  for (const { run_id: runId } of lost) {
    count += await writes.transaction(noTenant, async (tx) => {
      const [mine] = await tx.sql({
        name: 'saga_put_back',
        text: 'select from hub.saga_pending where run_id = $1 for update skip locked',
        values: [runId],
      })
      if (!mine) return 0
      await enqueueRun(tx, runId)
      return 1
    })
  }
  return count
}

/** Flags each run that has been unfinished for too long, once, and answers how many such runs there are. */
export async function flagStalledRuns(engine: Engine): Promise<number> {
  const now = engine.clock.now()
  const limit = new Date(now.getTime() - stalledAfterMs)
  const pending = await engine.writes.transaction(noTenant, (tx) =>
    tx.sql<{ run_id: string; stalled: boolean }>({
      name: 'saga_stalled',
      text: 'select run_id, stalled from hub.saga_pending where since <= $1 order by stalled, run_id',
      values: [limit],
    }),
  )
  const fresh = pending.filter((row) => !row.stalled).slice(0, mostAtOnce)
  for (const { run_id: runId } of fresh) await flagStalledRun(engine, runId, now)
  return pending.length
}

async function flagStalledRun(engine: Engine, runId: string, now: Date): Promise<void> {
  await engine.writes.transaction({ proof: { run_id: runId } }, async (tx) => {
    const place = await findRunPlace(tx, runId)
    if (!place) return
    const { workspaceId, accountId, saga } = place
    await tx.enter({ workspaceId, accountId })
    const [row] = await tx.sql<{ input: never; error: string | null }>({
      name: 'saga_flag',
      text: `with flagged as (
          update hub.saga_run set stalled_at = $2 where id = $1 and stalled_at is null and status in ('queued', 'running', 'compensating')
          returning id, input, error
        ), noted as (update hub.saga_pending p set stalled = true from flagged where p.run_id = flagged.id)
        select input, error from flagged`,
      values: [runId, now],
    })
    if (!row) return
    const record: RunRecord<never> = { id: runId, saga, workspaceId, accountId, input: row.input, error: row.error }
    await engine.sagas.get(saga)?.hooks.onStalled?.(tx, record)
    await notifyRun(tx, record)
  })
}
