import type { Logger } from 'pino'

/** Remembers how to stop what has been started, and stops it in reverse order, each once. */
export function createCleanup(logger: Logger): { add(stop: () => Promise<unknown>): void; run(): Promise<void> } {
  const steps: (() => Promise<unknown>)[] = []
  return {
    add: (stop) => steps.push(stop),
    async run() {
      for (let stop = steps.pop(); stop; stop = steps.pop()) {
        await stop().catch((error: unknown) => logger.error({ err: error }, 'a part did not stop cleanly'))
      }
    },
  }
}
