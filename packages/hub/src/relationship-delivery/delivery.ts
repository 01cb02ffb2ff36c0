import { PermissionsUnavailable } from '@freehold/authz'
import type { Notifications, ReadPool, Tx } from '@freehold/db'
import { setTimeout as pause } from 'node:timers/promises'
import { deliverAll, type DeliverDeps, deliveryScope } from './deliver.ts'
import { hasPending, hasWritten } from './queries.ts'

const retryMs = 1000
const settleRetryMs = 200
const settleWithinMs = 5000
const deliverWithinMs = 2500

export type DeliveryDeps = DeliverDeps & {
  reads: ReadPool
  notifications: Notifications
  /** Makes SpiceDB ready to be written to; called until it has succeeded once. */
  prepare(): Promise<void>
  logger: { error(detail: object, message: string): void; warn(detail: object, message: string): void }
}

/** Brings what changes in `hub.relationship` to SpiceDB, in order, by whichever process comes first. */
export type Delivery = {
  /** Delivers what waits, then whatever is committed. */
  start(): void
  stop(): Promise<void>
  /** Whether the transaction has changed relationships, so that `settle` must follow its commit. */
  hasChanged(tx: Tx): Promise<boolean>
  /** Resolves once SpiceDB has all that was committed before the call. Rejects as soon as that fails, or after 2.5 seconds. */
  deliver(): Promise<void>
  /** The same, trying again for five seconds. */
  settle(): Promise<void>
}

export function createDelivery(deps: DeliveryDeps): Delivery {
  let unsubscribe: (() => void) | undefined
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let following: Promise<void> | undefined
  let isPrepared = false
  let isFailing = false

  // One pass at a time; whoever comes during one cannot know whether it still sees what he has committed, and shares the next.
  function nextPass(): Promise<void> {
    if (running === undefined) {
      running = pass().finally(() => (running = undefined))
      return running
    }
    following ??= running
      .catch(() => undefined)
      .then(() => {
        following = undefined
        return nextPass()
      })
    return following
  }

  async function pass(): Promise<void> {
    if (!isPrepared) await deps.prepare()
    isPrepared = true
    if (await hasPending(deps.reads.under(deliveryScope))) await deliverAll(deps)
  }

  function wake(): void {
    clearTimeout(timer)
    nextPass().then(
      () => {
        if (isFailing) deps.logger.warn({}, 'SpiceDB has all changes of relationships again')
        isFailing = false
      },
      (error: unknown) => {
        if (!isFailing) deps.logger.error({ err: error }, 'changes of relationships wait for SpiceDB; trying again every second')
        isFailing = true
        if (unsubscribe) timer = setTimeout(wake, retryMs)
      },
    )
  }

  async function settle(): Promise<void> {
    const end = performance.now() + settleWithinMs
    for (;;) {
      try {
        return await within(nextPass(), end - performance.now())
      } catch (error) {
        if (performance.now() + settleRetryMs > end) throw error
      }
      await pause(settleRetryMs)
    }
  }

  return {
    start() {
      unsubscribe ??= deps.notifications.on((notification) => {
        if (notification === null || notification.kind === 'relationship') wake()
      })
      wake()
    },
    async stop() {
      unsubscribe?.()
      unsubscribe = undefined
      clearTimeout(timer)
      await running?.catch(() => undefined)
    },
    hasChanged: hasWritten,
    deliver: () => within(nextPass(), deliverWithinMs),
    settle,
  }
}

async function within<R>(promise: Promise<R>, ms: number): Promise<R> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PermissionsUnavailable('away', `SpiceDB has not been told within ${Math.round(ms)} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
