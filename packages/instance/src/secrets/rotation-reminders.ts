import type { ReadPool, Tx, WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { createSweep, type Sweep, sweepAll } from '@freehold/workflow'
import { lockSecretById } from './queries.ts'
import { deleteReminder, type DueReminder, listDueReminders, setReminder, takeReminder } from './reminder-queries.ts'
import { resourceOf, rotationDueAt, snapshotOf } from './secret-answer.ts'

const remindersAPass = 200
const dayMs = 86_400_000

/** What the platform has found of a secret, to be told in its workspace's audit in the same transaction. */
export type RotationDue = {
  workspaceId: string
  resource: { kind: string; id: string; label: string }
  after: Record<string, unknown>
  now: Date
}

type Deps = {
  writes: WritePool
  reads: ReadPool
  clock: Clock
  logger: { error(detail: object, message: string): void }
  record(tx: Tx, due: RotationDue): Promise<void>
  everyMs?: number
}

type RotationReminders = Sweep & {
  /** Tells now what is due, and answers of how many secrets this process has told. */
  sendDue(): Promise<number>
}

/**
 * Tells the audit of secrets whose rotation is due, once each period until they are rotated. Several processes may run one each: a
 * lock for each reminder keeps them apart.
 */
export function createRotationReminders({ writes, reads, clock, logger, record, everyMs = 60_000 }: Deps): RotationReminders {
  async function send({ secretId, workspaceId }: DueReminder): Promise<boolean> {
    const now = clock.now()
    // A writer as any other, so that a freeze which has answered has nothing in flight.
    const lock = { workspaceId, mode: 'shared' } as const
    try {
      return await writes.transaction({ workspaceId }, (tx) => remind(tx, { secretId, workspaceId, now, record }), lock)
    } catch (error) {
      // What fails for one secret must not hold up the others; it is tried again in the next pass.
      logger.error({ err: error, secret: secretId }, 'a reminder of a rotation could not be sent')
      return false
    }
  }

  const sendDue = () => sweepAll(() => listDueReminders(reads, clock.now(), remindersAPass), send)
  return { ...createSweep({ pass: sendDue, everyMs, logger, failure: 'looking for due rotations failed; trying again' }), sendDue }
}

type Reminding = { secretId: string; workspaceId: string; now: Date; record: Deps['record'] }

async function remind(tx: Tx, { secretId, workspaceId, now, record }: Reminding): Promise<boolean> {
  // Before the reminder, as whoever writes the secret takes them.
  const secret = await lockSecretById(tx, workspaceId, secretId)
  if ((await takeReminder(tx, secretId, now)) === null) return false
  const dueAt = secret && rotationDueAt(secret)
  if (!secret || !dueAt || secret.rotate_every_days === null) {
    await deleteReminder(tx, secretId)
    return false
  }
  // After a time without a server there is one reminder, not one for each period that went by.
  const periodMs = secret.rotate_every_days * dayMs
  const passed = Math.floor((now.getTime() - dueAt.getTime()) / periodMs)
  await setReminder(tx, { secretId, workspaceId, dueAt: new Date(dueAt.getTime() + (passed + 1) * periodMs) })
  if (now < dueAt) return false
  await record(tx, { workspaceId, resource: resourceOf(secret), after: snapshotOf(secret, now), now })
  return true
}
