import type { ReadPool, WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { createSweep, type Sweep, sweepAll } from '@freehold/workflow'
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

type KeyNotices = Sweep & {
  /** Sends now what is due, and answers how many notices this process has sent. */
  sendDue(): Promise<number>
}

/**
 * Tells the audit that keys are about to end and have ended, and begins the grace of keys whose successors have been used.
 * Several processes may run one each: a lock for each notice keeps them apart.
 */
export function createKeyNotices({ writes, reads, clock, logger, everyMs = 5000 }: Deps): KeyNotices {
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

  const sendDue = () => sweepAll(() => listDueNotices(reads, clock.now(), noticesAPass), send)
  const failure = 'looking for due notices of API keys failed; trying again'
  return { ...createSweep({ pass: sendDue, everyMs, logger, failure }), sendDue }
}
