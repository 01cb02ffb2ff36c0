import type { Tx } from '@freehold/db'

/** What a step is told. `input` is what the run was started with; `deps` is what the process brings along. */
export type StepContext<Input, Deps> = {
  input: Input
  deps: Deps
  run: { id: string; workspaceId: string; accountId: string }
  /** `run:step`, the same on every attempt: what an outside effect is named after or sent with. */
  idempotencyKey: string
  now: Date
  /** Aborted when the attempt has run out of time, or when another process has taken the run over. */
  signal: AbortSignal
}

export type UndoContext<Input, Deps> = StepContext<Input, Deps> & {
  reason: 'failed' | 'cancelled'
  /** What failed; absent when the run was cancelled before anything had. */
  error?: string | undefined
}

/** The step's transaction, under the run's workspace and account. Its effect and its journal row commit together. */
type InTransaction = { tx: Tx }

type Undo<Context> = { undo: (context: Context) => Promise<unknown> } | { undo: 'none'; why: string }

type StepOf<Input, Deps, More> = {
  name: string
  run: (context: StepContext<Input, Deps> & More) => Promise<unknown>
  /** Replaces the saga's and the worker's, where given. */
  retry?: Partial<RetryPolicy>
} & Undo<UndoContext<Input, Deps> & More>

/** A step whose whole effect is in Postgres. It runs once, exactly: with its journal row or not at all. */
export type TransactionStep<Input, Deps> = StepOf<Input, Deps, InTransaction> & { outside?: false }

/**
 * A step with an effect outside Postgres. It may run more than once, and its `undo` may find the effect whole, half or
 * absent: both go by names made from the input, or by the idempotency key.
 */
export type OutsideStep<Input, Deps> = StepOf<Input, Deps, unknown> & { outside: true }

export type Step<Input, Deps> = TransactionStep<Input, Deps> | OutsideStep<Input, Deps>

/** Delays in milliseconds double from the first to the longest. */
export type RetryPolicy = { attempts: number; firstDelayMs: number; longestDelayMs: number; timeoutMs: number }

export const defaultRetry: RetryPolicy = { attempts: 5, firstDelayMs: 200, longestDelayMs: 5000, timeoutMs: 30_000 }

export type RunRecord<Input> = { id: string; saga: string; workspaceId: string; accountId: string; input: Input; error: string | null }

/** Each runs in the transaction that changes the run's state. */
export type SagaHooks<Input> = {
  /** A failed run starts over: its undone steps will run again. */
  onRetry?: (tx: Tx, run: RunRecord<Input>) => Promise<unknown>
  /** A run that was undone because it had failed is cancelled now. Not called where the undos knew of the cancel. */
  onCancelled?: (tx: Tx, run: RunRecord<Input>) => Promise<unknown>
  /** Once for each run that is still unfinished after `stalledAfterMs`. */
  onStalled?: (tx: Tx, run: RunRecord<Input>) => Promise<unknown>
}

export type Saga<Input, Deps> = {
  name: string
  steps: readonly Step<Input, Deps>[]
  hooks: SagaHooks<Input>
  retry: Partial<RetryPolicy>
}

/** Any saga for a worker that brings `Deps`. */
export type SagaFor<Deps> = Saga<never, Deps>
export type AnySaga = Saga<never, never>

/** A run unfinished for this long is flagged, and may be retried. */
export const stalledAfterMs = 10 * 60_000

/** Thrown by a step that no further attempt can help: the run is undone at once. */
export class FatalStepError extends Error {
  override readonly name = 'FatalStepError'
}

const namePattern = /^[a-z][a-z0-9]*([._][a-z0-9]+)*$/

/**
 * A durable saga: named steps in order, each with its undo, or `undo: 'none'` and why.
 * Throws when a name is used twice, or a step leaves its undo open.
 */
export function saga<Input extends object, Deps>(
  name: string,
  steps: readonly Step<Input, Deps>[],
  options: SagaHooks<Input> & { retry?: Partial<RetryPolicy> } = {},
): Saga<Input, Deps> {
  if (!namePattern.test(name)) throw new Error(`'${name}' is no name for a saga`)
  if (steps.length === 0) throw new Error(`saga ${name} has no steps`)
  const names = new Set<string>()
  for (const step of steps) {
    if (!namePattern.test(step.name)) throw new Error(`'${step.name}' in saga ${name} is no name for a step`)
    if (names.has(step.name)) throw new Error(`saga ${name} has two steps named ${step.name}`)
    names.add(step.name)
    if (step.undo === 'none' ? !step.why.trim() : typeof step.undo !== 'function') {
      throw new Error(`step ${step.name} of saga ${name} must state its undo, or 'none' and why`)
    }
  }
  const { retry = {}, ...hooks } = options
  return { name, steps, hooks, retry }
}

/** Sagas by name. Throws when two share one. */
export function indexSagas<Deps>(sagas: readonly SagaFor<Deps>[]): ReadonlyMap<string, SagaFor<Deps>> {
  const byName = new Map(sagas.map((saga) => [saga.name, saga]))
  if (byName.size !== sagas.length) throw new Error('two sagas share a name')
  return byName
}
