import type { ReadPool, WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { type DueNotice, listDueNotices } from './notice-queries.ts'
import { sendNotice } from './send-notice.ts'

const noticesAPass = 200

type Deps = {
  writes: WritePool
  reads: ReadPool
  clock: Clock
  logger: { error(detail: object, message: string): void }
  everyMs?: number
}

type KeyNotices = {
  /** Looks for what is due, again and again. */
  start(): void
  /** Ends after what is under way. */
  stop(): Promise<void>
  /** Sends now what is due, and answers how many notices this process has sent. */
  sendDue(): Promise<number>
}

/**
 * Tells the audit that keys are about to end and have ended, and begins the grace of keys whose successors have been used.
 * Several processes may run one each: a lock for each notice keeps them apart.
 */
export function createKeyNotices({ writes, reads, clock, logger, everyMs = 5000 }: Deps): KeyNotices {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> | undefined
  let isStarted = false

  async function send(notice: DueNotice): Promise<boolean> {
    const { workspaceId } = notice
    // A writer as any other, so that a freeze which has answered has nothing in flight.
    const lock = { workspaceId, mode: 'shared' } as const
    try {
      return await writes.transaction({ workspaceId }, (tx) => sendNotice(tx, notice, clock.now()), lock)
    } catch (error) {
      // What fails for one key must not hold up the others; it is tried again in the next pass.
      logger.error({ err: error, credential: notice.credentialId, kind: notice.kind }, 'a notice of an API key could not be sent')
      return false
    }
  }

  async function sendDue(): Promise<number> {
    let sent = 0
    for (;;) {
      const due = await listDueNotices(reads, clock.now(), noticesAPass)
      const before = sent
      for (const notice of due) if (await send(notice)) sent += 1
      if (due.length < noticesAPass || sent === before) return sent
    }
  }

  function run(): void {
    running = sendDue()
      .catch((error: unknown) => logger.error({ err: error }, 'looking for due notices of API keys failed; trying again'))
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
    sendDue,
  }
}
