import type { Notification, Notifications } from '@freehold/db'

const defaultPending = 1000

/**
 * Notifications that pass `filter`, from this call on: subscribe first, then read the state that they change, and nothing falls between.
 * What waits to be taken is kept once however often it is repeated. Null means that some were missed: the database was away, or more
 * than `maxPending` waited. Ends when `signal` aborts.
 */
export function follow(
  notifications: Notifications,
  filter: (notification: Notification) => boolean,
  signal: AbortSignal,
  maxPending = defaultPending,
): AsyncIterableIterator<Notification | null> {
  const pending = new Map<string, Notification | null>()
  let wake: (() => void) | undefined
  let isOver = signal.aborted

  const unsubscribe = notifications.on((notification) => {
    if (notification !== null && !filter(notification)) return
    const key = notification === null ? '' : keyOf(notification)
    // A gap covers whatever waited before it.
    if (notification === null || (pending.size >= maxPending && !pending.has(key))) {
      pending.clear()
      pending.set('', null)
    } else if (!pending.has(key)) pending.set(key, notification)
    wake?.()
  })

  function stop(): void {
    isOver = true
    unsubscribe()
    signal.removeEventListener('abort', stop)
    pending.clear()
    wake?.()
  }
  if (isOver) stop()
  else signal.addEventListener('abort', stop, { once: true })

  return {
    async next() {
      while (pending.size === 0 && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = undefined
      }
      if (isOver) return { done: true, value: undefined }
      const [key, value] = pending.entries().next().value!
      pending.delete(key)
      return { done: false, value }
    },
    async return() {
      stop()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

function keyOf({ kind, id, workspace_id, account_id, user_id }: Notification): string {
  return [kind, id, workspace_id, account_id, user_id].join(' ')
}
