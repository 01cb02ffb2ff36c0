import type { Tx } from '@freehold/db'
import { enqueueRun, withdrawRun } from './jobs.ts'
import { notifyRun, type RunStatus } from './journal.ts'
import { type AnySaga, type RunRecord, stalledAfterMs } from './saga.ts'

/** The run's state does not allow what was asked of it. */
export class InvalidRunState extends Error {
  override readonly name = 'InvalidRunState'
  /** Undefined when there is no such run in this scope. */
  readonly status: RunStatus | undefined

  constructor(message: string, status?: RunStatus) {
    super(message)
    this.status = status
  }
}

export type RunOperation = { runId: string; sagas: readonly AnySaga[]; now?: Date }

type LockedRun = { record: RunRecord<never>; status: RunStatus; parked: boolean; since: Date | null }

/**
 * A failed run starts over with the steps that were undone; a parked one goes on with its undos; a stalled one is taken
 * from whoever holds it and goes on. The scope must be the workspace's. Throws InvalidRunState in any other state.
 */
export async function retryRun(tx: Tx, { runId, sagas, now = new Date() }: RunOperation): Promise<void> {
  const { record, status, parked, since } = await lockRun(tx, runId)
  const stalled = since !== null && now.getTime() - since.getTime() >= stalledAfterMs
  if (status !== 'failed' && !stalled) throw new InvalidRunState('Only a failed or stalled run can be retried.', status)

  const startsOver = status === 'failed' && !parked
  const next = startsOver ? 'queued' : status === 'failed' ? 'compensating' : status
  await tx.sql({
    name: 'saga_retry',
    text: `update hub.saga_run set status = $2, parked = false, fence = fence + 1, stalled_at = null, finished_at = null,
        error = case when $3 then null else error end, cancel_requested = case when $3 then false else cancel_requested end
      where id = $1`,
    values: [runId, next, startsOver],
  })
  if (startsOver) {
    await tx.sql({
      name: 'saga_retry_steps',
      text: `update hub.saga_step set status = 'pending', attempts = 0, failures = 0, error = null, started_at = null, finished_at = null
        where run_id = $1 and status in ('undone', 'failed')`,
      values: [runId],
    })
    await findSaga(sagas, record).hooks.onRetry?.(tx, record)
  } else if (parked) {
    await forgetFailures(tx, runId)
  }
  await withdrawRun(tx, runId)
  await resume(tx, record, { since: now, restart: true })
}

/**
 * Asks for a run to be undone and ended as `cancelled`; one that has been undone already is cancelled at once. A worker
 * that is at a step finishes it first. The scope must be the workspace's. Throws InvalidRunState when the run has
 * succeeded or is cancelled.
 */
export async function cancelRun(tx: Tx, { runId, sagas, now = new Date() }: RunOperation): Promise<void> {
  const { record, status, parked } = await lockRun(tx, runId)
  if (status === 'succeeded' || status === 'cancelled')
    throw new InvalidRunState(`The run has ${status === 'succeeded' ? 'succeeded' : 'been cancelled'} already.`, status)

  if (status === 'failed' && !parked) {
    await setCancelled(tx, runId, { status: 'cancelled', finishedAt: now })
    await findSaga(sagas, record).hooks.onCancelled?.(tx, record)
    await notifyRun(tx, record)
    return
  }
  await setCancelled(tx, runId, { status: parked ? 'compensating' : status, finishedAt: null })
  if (parked) {
    await forgetFailures(tx, runId)
    await withdrawRun(tx, runId)
  }
  await resume(tx, record, { since: now, restart: false })
}

async function forgetFailures(tx: Tx, runId: string): Promise<void> {
  await tx.sql({ name: 'saga_forget_failures', text: 'update hub.saga_step set failures = 0 where run_id = $1', values: [runId] })
}

async function setCancelled(tx: Tx, runId: string, { status, finishedAt }: { status: RunStatus; finishedAt: Date | null }): Promise<void> {
  await tx.sql({
    name: 'saga_cancel',
    text: 'update hub.saga_run set cancel_requested = true, parked = false, status = $2, finished_at = $3 where id = $1',
    values: [runId, status, finishedAt],
  })
}

// A run that had a job keeps it, unless that was withdrawn. `restart` also starts the time to being stalled anew.
async function resume(tx: Tx, record: RunRecord<never>, { since, restart }: { since: Date; restart: boolean }): Promise<void> {
  await tx.sql({
    name: 'saga_resume',
    text: `insert into hub.saga_pending as p (run_id, since) values ($1, $2)
      on conflict (run_id) do update set since = excluded.since, stalled = false where $3`,
    values: [record.id, since, restart],
  })
  await enqueueRun(tx, record.id)
  await notifyRun(tx, record)
}

async function lockRun(tx: Tx, runId: string): Promise<LockedRun> {
  const [row] = await tx.sql<{
    saga: string
    workspace_id: string
    account_id: string
    input: never
    error: string | null
    status: RunStatus
    parked: boolean
    since: Date | null
  }>({
    name: 'saga_lock',
    text: `select r.saga, r.workspace_id, r.account_id, r.input, r.error, r.status, r.parked, p.since
      from hub.saga_run r left join hub.saga_pending p on p.run_id = r.id where r.id = $1 for update of r`,
    values: [runId],
  })
  if (!row) throw new InvalidRunState('No such run.')
  const { saga, workspace_id: workspaceId, account_id: accountId, input, error, status, parked, since } = row
  return { record: { id: runId, saga, workspaceId, accountId, input, error }, status, parked, since }
}

function findSaga(sagas: readonly AnySaga[], record: RunRecord<never>): AnySaga {
  const saga = sagas.find((candidate) => candidate.name === record.saga)
  if (!saga) throw new Error(`no saga is named ${record.saga}`)
  return saga
}
