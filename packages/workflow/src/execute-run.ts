import type { Tx } from '@freehold/db'
import { type Attempt, findStep, makeAttempt, policyOf, strike } from './attempt.ts'
import { Abandoned, type Delivery, describeError, type Engine, HandedOver, isFatal, isTransient, pause, UnknownSaga } from './engine.ts'
import { claimRun, Fenced, findRunPlace, type HeldRun, type JournalStep, readHeldRun } from './journal.ts'
import type { RetryPolicy, SagaFor } from './saga.ts'
import { beginUndoing, finishUndoing, isAtRest, markUndone, noteFailure, parkRun, passStep, succeed } from './transitions.ts'

// A step that takes its process down again and again would do so for ever, since dying is not failing.
const mostInterruptions = 20
const outagePauseMs = 250

/** Ends the last step's transaction. */
class CancelRequested extends Error {
  override readonly name = 'CancelRequested'
}

type Executor = { engine: Engine; delivery: Delivery; saga: SagaFor<never> }

/**
 * Brings a run to its end, from wherever it stands: forward, and back where a step fails for good or the run is to be
 * cancelled. Answers when there is nothing left to do. Throws HandedOver to be called again, Fenced when another
 * executor has the run, UnknownSaga when this process cannot run it. An outage of the database is waited out.
 */
export async function executeRun(engine: Engine, delivery: Delivery, runId: string): Promise<void> {
  let run = await outlast(delivery, () => claim(engine, runId))
  if (!run) return
  const saga = engine.sagas.get(run.saga)
  if (!saga || run.steps.some((row) => !findStep(saga, row.name))) throw new UnknownSaga(run.saga)

  const executor = { engine, delivery, saga }
  while (!isAtRest(run.status)) {
    if (delivery.stopping.aborted || delivery.lost.aborted) throw new HandedOver()
    run = await moveOn(executor, run)
  }
}

async function claim(engine: Engine, runId: string): Promise<HeldRun | undefined> {
  return engine.writes.transaction({ proof: { run_id: runId } }, async (tx) => {
    const place = await findRunPlace(tx, runId)
    if (!place || isAtRest(place.status)) return undefined
    if (!engine.sagas.has(place.saga)) throw new UnknownSaga(place.saga)
    await tx.enter({ workspaceId: place.workspaceId, accountId: place.accountId })
    return claimRun(tx, { ...place, runId, now: engine.clock.now() })
  })
}

// Where the connection broke, the transaction may have committed or not: the journal knows.
async function moveOn(executor: Executor, run: HeldRun): Promise<HeldRun> {
  try {
    return run.status === 'compensating' ? await undoNext(executor, run) : await runNext(executor, run)
  } catch (error) {
    if (!isTransient(error)) throw error
    executor.engine.logger.warn({ run_id: run.id, err: error }, 'a run waits for the database')
    await pause(outagePauseMs, executor.delivery.stopping, executor.delivery.lost)
    return reread(executor, run)
  }
}

async function reread({ engine, delivery }: Executor, run: HeldRun): Promise<HeldRun> {
  const scope = { workspaceId: run.workspaceId, accountId: run.accountId }
  return outlast(delivery, () => engine.writes.transaction(scope, (tx) => readHeldRun(tx, run)))
}

async function outlast<R>({ stopping, lost }: Delivery, work: () => Promise<R>): Promise<R> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isTransient(error)) throw error
      if (stopping.aborted || lost.aborted) throw new HandedOver()
      await pause(outagePauseMs, stopping, lost)
    }
  }
}

async function runNext(executor: Executor, run: HeldRun): Promise<HeldRun> {
  const row = run.steps.find(({ status }) => status === 'running' || status === 'pending')
  if (run.cancelRequested) return turnBack(executor, run, { row, error: undefined })
  if (!row) throw new Error(`run ${run.id} has no step left and has not ended`)

  const attempt = planAttempt(executor, { run, row, phase: 'run' })
  if (row.attempts - row.failures > mostInterruptions) return turnBack(executor, run, { row, error: new Error('interrupted too often') })

  const next = run.steps[run.steps.indexOf(row) + 1]
  let cancelRequested
  try {
    cancelRequested = await makeAttempt(attempt, (tx) => recordStep(tx, attempt, next))
  } catch (error) {
    if (error instanceof CancelRequested) return turnBack(executor, { ...run, cancelRequested: true }, { row, error: undefined })
    return afterFailure(executor, attempt, error)
  }
  await strike(attempt, 'after_journal')

  const passed = withStep(run, row, { status: 'succeeded', finished: true })
  if (!next) return { ...passed, status: 'succeeded' }
  const begun = cancelRequested ? {} : { status: 'running' as const, attempts: next.attempts + 1 }
  return { ...withStep(passed, next, begun), cancelRequested }
}

// A cancel that comes while the last step is at work still counts: the error rolls back the end of the run, and with it
// what the step did in Postgres. Only an effect outside that has no undo makes it too late.
async function recordStep(tx: Tx, { engine, run, row, step }: Attempt, next: JournalStep | undefined): Promise<boolean> {
  const now = engine.clock.now()
  if (next) return passStep(tx, run, { position: row.position, next: next.position, now })
  const cancelRequested = await succeed(tx, run, { position: row.position, now })
  const tooLate = step.outside === true && step.undo === 'none'
  if (cancelRequested && !tooLate) throw new CancelRequested()
  return false
}

async function afterFailure(executor: Executor, attempt: Attempt, error: unknown): Promise<HeldRun> {
  const { run, row } = attempt
  const policy = policyOf(attempt)
  if (!isOfStep(error)) throw error
  executor.engine.logger.warn({ run_id: run.id, step: row.name, attempt: row.attempts, err: error }, 'a step failed')
  if (isFatal(error) || row.failures + 1 >= policy.attempts) return turnBack(executor, run, { row, error })
  return tryAgain(executor, attempt, { error, policy })
}

async function tryAgain(
  { engine, delivery, saga }: Executor,
  attempt: Attempt,
  failure: { error: unknown; policy: RetryPolicy },
): Promise<HeldRun> {
  const { run, row } = attempt
  await inScope({ engine, run }, (tx) => noteFailure(tx, run, { position: row.position, error: describeError(failure.error) }))
  const { firstDelayMs, longestDelayMs } = failure.policy
  await pause(Math.min(longestDelayMs, firstDelayMs * 2 ** row.failures), delivery.stopping, delivery.lost)
  return reread({ engine, delivery, saga }, run)
}

/** The way back begins: a step failed for good, or the run is to be cancelled. */
async function turnBack(
  { engine, saga }: Executor,
  run: HeldRun,
  { row, error }: { row: JournalStep | undefined; error: unknown },
): Promise<HeldRun> {
  const stepError = error === undefined ? null : describeError(error)
  const runError = row && stepError !== null ? `${row.name}: ${stepError}` : run.error
  const interrupted = row?.status === 'running' ? row : undefined
  const leftBehind = interrupted ? findStep(saga, interrupted.name)?.outside === true : false
  const cancelRequested = await inScope({ engine, run }, (tx) =>
    beginUndoing(tx, run, { runError, stepError, leftBehind, now: engine.clock.now() }),
  )
  const failed = interrupted ? withStep(run, interrupted, { status: 'failed', finished: !leftBehind }) : run
  const steps = failed.steps.map((step) => ({ ...step, failures: 0 }))
  return { ...failed, steps, status: 'compensating', cancelRequested, error: runError }
}

async function undoNext(executor: Executor, run: HeldRun): Promise<HeldRun> {
  const { engine, saga } = executor
  const due = run.steps.filter(({ status, finished }) => status === 'succeeded' || (status === 'failed' && !finished))
  const row = due.at(-1)
  const end = async (tx: Tx) => {
    const cancelled = await finishUndoing(tx, run, engine.clock.now())
    if (cancelled && !run.cancelRequested) await saga.hooks.onCancelled?.(tx, run as HeldRun & { input: never })
    return cancelled
  }
  const ended = (cancelled: boolean): HeldRun => ({ ...run, status: cancelled ? 'cancelled' : 'failed' })
  if (!row) return ended(await inScope({ engine, run }, end))

  const attempt = planAttempt(executor, { run, row, phase: 'undo' })
  const record = async (tx: Tx) => {
    const cancelRequested = await markUndone(tx, run, { position: row.position, now: engine.clock.now() })
    return due.length === 1 ? end(tx) : cancelRequested
  }
  let cancelRequested
  try {
    cancelRequested = attempt.step.undo === 'none' ? await inScope(attempt, record) : await makeAttempt(attempt, record)
  } catch (error) {
    return afterFailedUndo(executor, attempt, error)
  }
  if (attempt.step.undo !== 'none') await strike(attempt, 'after_journal')
  if (due.length === 1) return ended(cancelRequested)
  return { ...withStep(run, row, { status: row.status === 'failed' ? 'failed' : 'undone', finished: true }), cancelRequested }
}

async function afterFailedUndo(executor: Executor, attempt: Attempt, error: unknown): Promise<HeldRun> {
  const { engine } = executor
  const { run, row } = attempt
  const policy = policyOf(attempt)
  if (!isOfStep(error)) throw error
  engine.logger.warn({ run_id: run.id, step: row.name, err: error }, 'an undo failed')
  if (!isFatal(error) && row.failures + 1 < policy.attempts) return tryAgain(executor, attempt, { error, policy })

  const description = `undo of ${row.name}: ${describeError(error)}`
  await inScope({ engine, run }, (tx) => parkRun(tx, run, { position: row.position, error: description, now: engine.clock.now() }))
  engine.logger.error({ run_id: run.id, step: row.name, err: error }, 'a run is parked until an operator retries it')
  return { ...run, status: 'failed', error: description }
}

/** Whether an error is the step's own, and not the executor's fate. */
function isOfStep(error: unknown): boolean {
  return !(isTransient(error) || error instanceof Fenced || error instanceof Abandoned)
}

function planAttempt({ engine, delivery, saga }: Executor, of: Pick<Attempt, 'run' | 'row' | 'phase'>): Attempt {
  const step = findStep(saga, of.row.name)
  if (!step) throw new UnknownSaga(`${saga.name}.${of.row.name}`)
  return { engine, delivery, step, ...of }
}

function inScope<R>({ engine, run }: Pick<Attempt, 'engine' | 'run'>, fn: (tx: Tx) => Promise<R>): Promise<R> {
  return engine.writes.transaction({ workspaceId: run.workspaceId, accountId: run.accountId }, fn)
}

function withStep(run: HeldRun, row: JournalStep, change: Partial<JournalStep>): HeldRun {
  return { ...run, steps: run.steps.map((step) => (step.position === row.position ? { ...step, ...change } : step)) }
}
