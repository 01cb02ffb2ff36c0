import type { Scope, Tx } from '@freehold/db'
import type { Delivery, Engine, FaultPoint } from './engine.ts'
import type { HeldRun, JournalStep } from './journal.ts'
import type { RetryPolicy, SagaFor, Step, UndoContext } from './saga.ts'

export type Attempt = {
  engine: Engine
  delivery: Delivery
  run: HeldRun
  row: JournalStep
  step: Step<never, never>
  phase: 'run' | 'undo'
}

type Act = (tx: Tx | undefined) => Promise<void>

/**
 * Makes one attempt at a step or its undo, then writes `record` to the journal: in the step's transaction, or in one of
 * its own behind an outside effect. Answers what `record` does.
 */
export async function makeAttempt<R>(attempt: Attempt, record: (tx: Tx) => Promise<R>): Promise<R> {
  const { engine, run, step } = attempt
  const scope: Scope = { workspaceId: run.workspaceId, accountId: run.accountId }
  const act = prepareAct(attempt)
  if (step.outside) {
    await act(undefined)
    return engine.writes.transaction(scope, record)
  }
  return engine.writes.transaction(scope, async (tx) => {
    await act(tx)
    if (tx.scope !== scope) await tx.enter(scope) // The step moved on; the journal is the workspace's.
    return record(tx)
  })
}

/** Lets a drill strike at a fault point; nothing in production. */
export async function strike({ engine: { drill }, run, row, phase }: Attempt, at: FaultPoint['at']): Promise<void> {
  if (drill) await drill.strike({ saga: run.saga, step: row.name, phase, at })
}

export function policyOf({ engine, run, step }: Pick<Attempt, 'engine' | 'run' | 'step'>): RetryPolicy {
  return { ...engine.retry, ...engine.sagas.get(run.saga)?.retry, ...step.retry, ...engine.drill?.retry }
}

export function findStep(saga: SagaFor<never>, name: string): Step<never, never> | undefined {
  return saga.steps.find((step) => step.name === name)
}

function prepareAct(attempt: Attempt): Act {
  return async (tx) => {
    await strike(attempt, 'before_effect')
    await withinTime(attempt, (signal) => callStep(attempt, { tx, signal }))
    if (attempt.engine.drill?.repeatEveryAction) await withinTime(attempt, (signal) => callStep(attempt, { tx, signal }))
    await strike(attempt, 'after_effect')
  }
}

async function callStep(
  { engine, run, row, step, phase }: Attempt,
  { tx, signal }: { tx: Tx | undefined; signal: AbortSignal },
): Promise<void> {
  // The journal's JSON and the worker's dependencies meet their types here: a run's input is what startRun was given.
  const context: UndoContext<unknown, unknown> = {
    input: run.input,
    deps: engine.deps,
    run: { id: run.id, workspaceId: run.workspaceId, accountId: run.accountId },
    idempotencyKey: `${run.id}:${row.name}`,
    now: engine.clock.now(),
    signal,
    reason: run.cancelRequested ? 'cancelled' : 'failed',
    error: run.error ?? undefined,
  }
  const call = (phase === 'run' ? step.run : step.undo) as AnyCall
  await call(tx ? { ...context, tx } : context)
}

type AnyCall = (context: UndoContext<unknown, unknown> & { tx?: Tx }) => Promise<unknown>

async function withinTime(attempt: Attempt, call: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { timeoutMs } = policyOf(attempt)
  const timeout = new AbortController()
  const signal = AbortSignal.any([timeout.signal, attempt.delivery.lost])
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`${attempt.row.name} did not end within ${timeoutMs} ms`)
      timeout.abort(error)
      reject(error)
    }, timeoutMs)
  })
  try {
    await Promise.race([call(signal), late])
  } finally {
    clearTimeout(timer)
  }
}
