import { build, type Tx } from '@freehold/db'
import { enqueueRun } from './jobs.ts'
import { notifyRun } from './journal.ts'
import type { Saga } from './saga.ts'

export type NewRun<Input> = {
  runId: string
  workspaceId: string
  accountId: string
  /** Kept in the journal as JSON: no secrets. */
  input: Input
  /** Steps that the caller's transaction has itself performed. They are undone like the others. */
  done?: readonly string[]
  now?: Date
}

/**
 * Starts a run with the caller's transaction: when that commits, a worker is woken. The scope must be the workspace's.
 * The journal rows written here record the transaction's changes.
 */
export async function startRun<Input extends object, Deps>(tx: Tx, saga: Saga<Input, Deps>, run: NewRun<Input>): Promise<void> {
  const { runId, workspaceId, accountId, input, done = [], now = new Date() } = run
  const unknown = done.filter((name) => !saga.steps.some((step) => step.name === name))
  if (unknown.length > 0) throw new Error(`saga ${saga.name} has no step ${unknown.join(', ')}`)
  if (done.length === saga.steps.length) throw new Error(`saga ${saga.name} has nothing left to do`)

  // Sent together, answered in order.
  await Promise.all([
    tx.run(
      build.insertInto('hub.saga_run').values({
        id: runId,
        saga: saga.name,
        workspace_id: workspaceId,
        account_id: accountId,
        input: JSON.stringify(input),
        status: 'queued',
        created_at: now,
      }),
    ),
    tx.run(
      build.insertInto('hub.saga_step').values(saga.steps.map((step, position) => toRow(run, { name: step.name, position, done, now }))),
    ),
    tx.run(build.insertInto('hub.saga_pending').values({ run_id: runId, since: now })),
    notifyRun(tx, { id: runId, workspaceId, accountId }),
    enqueueRun(tx, runId),
  ])
}

type FirstState = { name: string; position: number; done: readonly string[]; now: Date }

function toRow({ workspaceId, runId }: NewRun<unknown>, { name, position, done, now }: FirstState) {
  const isDone = done.includes(name)
  const time = isDone ? now : null
  return {
    workspace_id: workspaceId,
    run_id: runId,
    position,
    name,
    status: isDone ? ('succeeded' as const) : ('pending' as const),
    attempts: isDone ? 1 : 0,
    started_at: time,
    finished_at: time,
  }
}
