type SweepOptions = {
  /** Does what is due now. */
  pass: () => Promise<unknown>
  /** Between the end of a pass and the next. */
  everyMs: number
  logger: { error(detail: object, message: string): void }
  /** What the log says of a pass that threw; the next one comes all the same. */
  failure: string
}

export type Sweep = {
  /** Looks for what is due, again and again. */
  start(): void
  /** Ends after the pass that is under way. */
  stop(): Promise<void>
}

/** Looks for due work again and again, for as long as the process lives. It keeps no process alive. */
export function createSweep({ pass, everyMs, logger, failure }: SweepOptions): Sweep {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> | undefined
  let isStarted = false

  function run(): void {
    running = pass()
      .catch((error: unknown) => logger.error({ err: error }, failure))
      .finally(() => {
        if (isStarted) timer = setTimeout(run, everyMs).unref()
      })
  }

  return {
    start() {
      if (isStarted) return
      isStarted = true
      run()
    },
    async stop() {
      isStarted = false
      clearTimeout(timer)
      await running
    },
  }
}

/** Does item after item, page after page, until a page brings nothing to an end. Answers how many are done. */
export async function sweepAll<Item>(listDue: () => Promise<Item[]>, sweepOne: (item: Item) => Promise<boolean>): Promise<number> {
  let done = 0
  for (let before = -1; before !== done;) {
    before = done
    for (const item of await listDue()) if (await sweepOne(item)) done += 1
  }
  return done
}
