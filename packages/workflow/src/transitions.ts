import { channel, type Tx } from '@freehold/db'
import { describeChange, Fenced, type HeldRun, type RunStatus } from './journal.ts'

// Every transition is one statement. It begins by locking the run's row under the executor's fence: a takeover waits for
// the commit, and an executor that has been taken over finds no row, so that its whole transaction is rolled back.
const hold = `held as (select id, cancel_requested from hub.saga_run
  where workspace_id = $1 and id = $2 and fence = $3 and status = $4 for no key update)`
const tell = `select cancel_requested, pg_notify('${channel}', $5) from held`
const ofRun = 's.workspace_id = $1 and s.run_id = $2'

type Transition = { name: string; text: string; values: unknown[] }

/** Answers whether the run is to be cancelled. Throws Fenced where the run is no longer held. */
async function write(tx: Tx, run: HeldRun, { name, text, values }: Transition): Promise<boolean> {
  const [row] = await tx.sql<{ cancel_requested: boolean }>({
    name,
    text,
    values: [run.workspaceId, run.id, run.fence, run.status, describeChange(run), ...values],
  })
  if (!row) throw new Fenced(run.id)
  return row.cancel_requested
}

/** The step at `position` is done; the one at `next` begins, unless the run is to be cancelled. */
export function passStep(tx: Tx, run: HeldRun, { position, next, now }: { position: number; next: number; now: Date }): Promise<boolean> {
  return write(tx, run, {
    name: 'saga_pass',
    text: `with ${hold},
      passed as (update hub.saga_step s set status = 'succeeded', finished_at = $7, error = null from held where ${ofRun} and s.position = $6),
      begun as (update hub.saga_step s set status = 'running', started_at = $7, attempts = s.attempts + 1 from held
        where ${ofRun} and s.position = $8 and not held.cancel_requested)
      ${tell}`,
    values: [position, now, next],
  })
}

/** The last step is done and the run with it. */
export function succeed(tx: Tx, run: HeldRun, { position, now }: { position: number; now: Date }): Promise<boolean> {
  return write(tx, run, {
    name: 'saga_succeed',
    text: `with ${hold},
      passed as (update hub.saga_step s set status = 'succeeded', finished_at = $7, error = null from held where ${ofRun} and s.position = $6),
      ended as (update hub.saga_run r set status = 'succeeded', finished_at = $7 from held where r.id = held.id),
      gone as (delete from hub.saga_pending p using held where p.run_id = held.id)
      ${tell}`,
    values: [position, now],
  })
}

/** An attempt, or an undo, failed and another follows. */
export function noteFailure(tx: Tx, run: HeldRun, { position, error }: { position: number; error: string }): Promise<boolean> {
  return write(tx, run, {
    name: 'saga_note',
    text: `with ${hold},
      noted as (update hub.saga_step s set error = $7, failures = s.failures + 1, attempts = s.attempts + (s.status = 'running')::int
        from held where ${ofRun} and s.position = $6)
      ${tell}`,
    values: [position, error],
  })
}

/**
 * From here the run is undone. The step that was running has failed; `leftBehind` says that it may have had an effect,
 * which is then undone too: until that is done its `finished_at` stays empty.
 */
export function beginUndoing(
  tx: Tx,
  run: HeldRun,
  { runError, stepError, leftBehind, now }: { runError: string | null; stepError: string | null; leftBehind: boolean; now: Date },
): Promise<boolean> {
  return write(tx, run, {
    name: 'saga_begin_undoing',
    text: `with ${hold},
      turned as (update hub.saga_run r set status = 'compensating', error = $6 from held where r.id = held.id),
      failed as (update hub.saga_step s set failures = 0, status = case s.status when 'running' then 'failed' else s.status end,
        error = case s.status when 'running' then coalesce($7, s.error) else s.error end,
        finished_at = case when s.status <> 'running' then s.finished_at when $8 then null else $9::timestamptz end
        from held where ${ofRun} and s.status in ('running', 'succeeded'))
      ${tell}`,
    values: [runError, stepError, leftBehind, now],
  })
}

/** The step's effect is gone. A failed step stays failed, so that one can see where the run ended. */
export function markUndone(tx: Tx, run: HeldRun, { position, now }: { position: number; now: Date }): Promise<boolean> {
  return write(tx, run, {
    name: 'saga_undone',
    text: `with ${hold},
      undone as (update hub.saga_step s set status = case when s.status = 'failed' then 'failed' else 'undone' end, finished_at = $7
        from held where ${ofRun} and s.position = $6)
      ${tell}`,
    values: [position, now],
  })
}

/** Everything is undone: the run is cancelled if that was asked, otherwise failed. */
export function finishUndoing(tx: Tx, run: HeldRun, now: Date): Promise<boolean> {
  return write(tx, run, {
    name: 'saga_finish_undoing',
    text: `with ${hold},
      ended as (update hub.saga_run r set status = case when held.cancel_requested then 'cancelled' else 'failed' end, finished_at = $6
        from held where r.id = held.id),
      gone as (delete from hub.saga_pending p using held where p.run_id = held.id)
      ${tell}`,
    values: [now],
  })
}

/** An undo keeps failing: the run waits, visibly failed, for an operator. */
export function parkRun(tx: Tx, run: HeldRun, { position, error, now }: { position: number; error: string; now: Date }): Promise<boolean> {
  return write(tx, run, {
    name: 'saga_park',
    text: `with ${hold},
      noted as (update hub.saga_step s set error = $7 from held where ${ofRun} and s.position = $6),
      parked as (update hub.saga_run r set status = 'failed', parked = true, error = $7, finished_at = $8 from held where r.id = held.id),
      gone as (delete from hub.saga_pending p using held where p.run_id = held.id)
      ${tell}`,
    values: [position, error, now],
  })
}

/** Whether a run in this state has nothing left to do by itself. */
export function isAtRest(status: RunStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled'
}
