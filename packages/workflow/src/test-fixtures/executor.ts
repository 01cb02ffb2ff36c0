import type { WritePool } from '@freehold/db'
import { type Clock, systemClock } from '@freehold/kit'
import type { Delivery, Engine, FaultPoint } from '../engine.ts'
import { type AnySaga, defaultRetry, indexSagas } from '../saga.ts'
import { keepLogs } from './logs.ts'

type Options = { strike?: (point: FaultPoint) => Promise<void>; clock?: Clock; deps?: unknown }

/** What an executor takes that no queue stands behind. */
export function createEngine(
  writes: WritePool,
  sagas: readonly AnySaga[],
  { strike = async () => undefined, clock = systemClock, deps }: Options = {},
): Engine {
  return {
    writes,
    sagas: indexSagas(sagas),
    deps,
    clock,
    logger: keepLogs(),
    retry: { ...defaultRetry, attempts: 2, firstDelayMs: 1, longestDelayMs: 1 },
    drill: { strike, repeatEveryAction: false, retry: {} },
  }
}

export function noDelivery(): Delivery {
  return { lost: new AbortController().signal, stopping: new AbortController().signal }
}
