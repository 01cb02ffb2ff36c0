import { AppError } from '@freehold/contract'

type Turns = <R>(work: () => Promise<R>) => Promise<R>

/** Runs so many at once; the next `queueLength` wait their turn, and whoever comes after these is refused. */
export function createTurns({ atOnce, queueLength }: { atOnce: number; queueLength: number }): Turns {
  const queue: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= queueLength) throw new AppError('unavailable', 'Too many invitations are being sent. Try again in a minute.')
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      // Whoever waits takes over the turn, so `running` stays.
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }
}
