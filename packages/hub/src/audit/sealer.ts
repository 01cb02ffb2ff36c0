import { AppError } from '@freehold/contract'
import type { Notifications } from '@freehold/db'
import { drain, type DrainDeps } from './drain.ts'

// Waiting a moment lets a burst share its commit.
const gatherMs = 50
const retryMs = 1000

export type SealerDeps = DrainDeps & { notifications: Notifications }

export type Sealer = {
  /** Seals what waits, then whatever is committed, within a second. */
  start(): void
  /** Ends after what is under way. */
  stop(): Promise<void>
  /** Seals now, until nothing is left that this process can take; answers how many events. */
  sealPending(): Promise<number>
}

/**
 * Gives events their gapless place in their chains. Several processes may run one each: a lock for each chain keeps them apart. An event
 * that commits late, behind events with greater ids, gets a later place.
 */
export function createSealer(deps: SealerDeps): Sealer {
  let unsubscribe: (() => void) | undefined
  let timer: NodeJS.Timeout | undefined
  let dueAt = 0
  let running: Promise<void> | undefined
  let isWanted = false

  function wake(delayMs: number): void {
    if (!unsubscribe) return
    if (running) {
      isWanted = true
      return
    }
    const due = performance.now() + delayMs
    if (timer !== undefined && dueAt <= due) return
    clearTimeout(timer)
    timer = setTimeout(run, delayMs)
    dueAt = due
  }

  function run(): void {
    timer = undefined
    isWanted = false
    running = drain(deps).then(
      ({ isWorkLeft }) => finish(isWorkLeft),
      (error: unknown) => {
        // Without a root key it waits, of which whoever looks for the key tells.
        if (!(error instanceof AppError && error.code === 'sealed')) {
          deps.logger.error({ err: error }, 'sealing audit events failed; trying again')
        }
        finish(true)
      },
    )
  }

  function finish(isWorkLeft: boolean): void {
    running = undefined
    if (isWanted) wake(gatherMs)
    else if (isWorkLeft) wake(retryMs)
  }

  return {
    start() {
      unsubscribe ??= deps.notifications.on((notification) => {
        if (notification === null || notification.kind === 'audit') wake(gatherMs)
      })
      wake(0)
    },
    async stop() {
      unsubscribe?.()
      unsubscribe = undefined
      clearTimeout(timer)
      timer = undefined
      await running
    },
    sealPending: async () => (await drain(deps)).sealed,
  }
}
