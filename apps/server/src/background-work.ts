import type { ReadPool, WritePool } from '@freehold/db'
import type { ObjectStore } from '@freehold/drivers'
import { backgroundChanges, createKeyNotices, findWorkspaceStanding, insertSystemEvent } from '@freehold/hub'
import { createFileSweep, createRotationReminders, createVaultTasks } from '@freehold/instance'
import type { Clock } from '@freehold/kit'
import type { Logger } from 'pino'
import type { createCleanup } from './stop-in-order.ts'

type Needs = {
  reads: ReadPool
  writes: WritePool
  objects: ObjectStore
  clock: Clock
  logger: Logger
  cleanup: ReturnType<typeof createCleanup>
}

/** Starts what looks for due work in the tables of ids. Every process does; locks keep them apart. */
export function startBackgroundWork({ cleanup, objects, ...common }: Needs): void {
  const works = [
    createKeyNotices(common),
    createRotationReminders({ ...common, record: (tx, due) => insertSystemEvent(tx, { action: 'secret.rotation_due', ...due }) }),
    createVaultTasks({ ...common, changes: backgroundChanges }),
    createFileSweep({
      ...common,
      objects,
      places: { find: findWorkspaceStanding },
      record: (tx, { at, ...event }) => insertSystemEvent(tx, { ...event, now: at }),
    }),
  ]
  for (const work of works) {
    work.start()
    cleanup.add(() => work.stop())
  }
}
