import { DatabaseUnavailable, EpochMoved, type WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { FatalStepError, type RetryPolicy, type SagaFor } from './saga.ts'

/** Where the worker writes what no caller hears of. A pino logger fits. */
export type Logger = Record<'debug' | 'info' | 'warn' | 'error', (details: object, message: string) => void>

/** A place at which a test may strike: within one attempt of a step, or of its undo. */
export type FaultPoint = {
  saga: string
  step: string
  phase: 'run' | 'undo'
  at: 'before_effect' | 'after_effect' | 'after_journal'
}

/** For tests. `strike` may throw: an `Abandoned` leaves the run as a dying process would. `retry` goes before all others. */
export type Drill = { strike: (point: FaultPoint) => void | Promise<void>; repeatEveryAction: boolean; retry: Partial<RetryPolicy> }

/** What executing runs takes. */
export type Engine = {
  writes: WritePool
  sagas: ReadonlyMap<string, SagaFor<never>>
  deps: unknown
  clock: Clock
  logger: Logger
  retry: RetryPolicy
  drill?: Drill | undefined
}

/** One delivery of a run to an executor. */
export type Delivery = {
  /** Aborted when the queue no longer counts on this executor. */
  lost: AbortSignal
  /** Aborted when the process is to stop: the step in hand is finished, then the run is handed over. */
  stopping: AbortSignal
}

/** The executor is gone without a word, as after `kill -9`. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned'
}

/** The run goes on elsewhere: its job must be delivered again. */
export class HandedOver extends Error {
  override readonly name = 'HandedOver'
}

/** This process does not know the saga, or not all of the run's steps. */
export class UnknownSaga extends Error {
  override readonly name = 'UnknownSaga'
}

/** An outage of our own database, or a decision that has to be taken again: nothing that the step did wrong. */
export function isTransient(error: unknown): boolean {
  return error instanceof DatabaseUnavailable || error instanceof EpochMoved
}

export function isFatal(error: unknown): boolean {
  return error instanceof FatalStepError
}

const longestErrorLength = 500

/** One line for the journal, which the workspace's members can read. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, longestErrorLength)
}

/** Waits, or less when a signal ends it. */
export function pause(ms: number, ...signals: AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const signal = AbortSignal.any(signals)
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
