import { channel, type Db, type Tx } from '@freehold/db'
import type { RunRecord } from './saga.ts'

export type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'compensating'
export type StepStatus = 'pending' | 'running' | 'succeeded' | 'failed' | 'undone'

export type JournalStep = { position: number; name: string; status: StepStatus; attempts: number; failures: number; finished: boolean }

/** A run as its executor knows it. `fence` is the number under which it may write. */
export type HeldRun = RunRecord<object> & {
  fence: number
  status: RunStatus
  cancelRequested: boolean
  steps: JournalStep[]
}

/** Another executor has taken the run over, or an operator has: whoever held it writes nothing more. */
export class Fenced extends Error {
  override readonly name = 'Fenced'
}

type RunRow = {
  saga: string
  workspace_id: string
  account_id: string
  input: object
  error: string | null
  fence: number
  status: RunStatus
  cancel_requested: boolean
}

const runColumns = 'saga, workspace_id, account_id, input, error, fence, status, cancel_requested'

export type RunPlace = { workspaceId: string; accountId: string; saga: string; status: RunStatus }

/** Where a run belongs. `db` needs a scope whose proof names the run. */
export async function findRunPlace(db: Db, runId: string): Promise<RunPlace | undefined> {
  const [row] = await db.sql<{ workspace_id: string; account_id: string; saga: string; status: RunStatus }>({
    name: 'saga_place',
    text: 'select workspace_id, account_id, saga, status from hub.saga_run where id = $1',
    values: [runId],
  })
  return row && { workspaceId: row.workspace_id, accountId: row.account_id, saga: row.saga, status: row.status }
}

/** Takes an unfinished run over, whoever held it; undefined when there is nothing to do. Starts the step that is next. */
export async function claimRun(
  tx: Tx,
  { runId, workspaceId, accountId, now }: RunPlace & { runId: string; now: Date },
): Promise<HeldRun | undefined> {
  // The statement may have waited for the last holder's commit, with a snapshot from before it. So the step's own status
  // is asked about as well: that is checked again on the row as it is now, while the subquery is not.
  const claim = tx.sql<RunRow>({
    name: 'saga_claim',
    text: `with taken as (
        update hub.saga_run set fence = fence + 1, status = case when status = 'queued' then 'running' else status end
        where workspace_id = $1 and id = $2 and status in ('queued', 'running', 'compensating') returning ${runColumns}
      ), begun as (
        update hub.saga_step set status = 'running', started_at = coalesce(started_at, $3), attempts = attempts + 1
        where workspace_id = $1 and run_id = $2 and exists (select from taken where taken.status = 'running' and not cancel_requested)
          and status in ('pending', 'running')
          and position = (select min(position) from hub.saga_step where workspace_id = $1 and run_id = $2 and status in ('pending', 'running'))
      ) select taken.*, pg_notify('${channel}', $4) from taken`,
    values: [workspaceId, runId, now, describeChange({ id: runId, workspaceId, accountId })],
  })
  // Sent together, answered in order.
  const [[row], steps] = await Promise.all([claim, readSteps(tx, runId)])
  return row && toHeldRun(runId, row, steps)
}

/** The run as it is now, for the executor that holds it. Throws Fenced when that is another. */
export async function readHeldRun(db: Db, run: HeldRun): Promise<HeldRun> {
  const held = db.sql<RunRow>({
    name: 'saga_held',
    text: `select ${runColumns} from hub.saga_run where id = $1 and fence = $2`,
    values: [run.id, run.fence],
  })
  const [[row], steps] = await Promise.all([held, readSteps(db, run.id)])
  if (!row) throw new Fenced(run.id)
  return toHeldRun(run.id, row, steps)
}

function readSteps(db: Db, runId: string): Promise<JournalStep[]> {
  return db.sql<JournalStep>({
    name: 'saga_steps',
    text: `select position, name, status, attempts, failures, finished_at is not null as finished
      from hub.saga_step where run_id = $1 order by position`,
    values: [runId],
  })
}

function toHeldRun(runId: string, row: RunRow, steps: JournalStep[]): HeldRun {
  const { saga, workspace_id: workspaceId, account_id: accountId, input, error, fence, status, cancel_requested: cancelRequested } = row
  return { id: runId, saga, workspaceId, accountId, input, error, fence, status, cancelRequested, steps }
}

/** Tells whoever watches the run, once this transaction has committed. */
export async function notifyRun(tx: Tx, run: { id: string; workspaceId: string; accountId: string }): Promise<void> {
  await tx.sql({ name: 'saga_notify', text: `select pg_notify('${channel}', $1)`, values: [describeChange(run)] })
}

export function describeChange({ id, workspaceId, accountId }: { id: string; workspaceId: string; accountId: string }): string {
  return JSON.stringify({ kind: 'run', workspace_id: workspaceId, account_id: accountId, id })
}
