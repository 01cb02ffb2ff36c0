import type { AuditAction } from '@freehold/contract'
import type { ReadPool, Tx, WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { createSweep, type Sweep } from '@freehold/workflow'
import { buildIndexes } from './build-indexes.ts'
import { addToCount, countRecords, deleteCollection, lockCollectionById, updateCollection } from './queries.ts'
import { deleteSomeEntries, deleteSomeRecords } from './record-queries.ts'
import { deleteTask, listTasks, takeTask, type VaultTask } from './task-queries.ts'

const batch = 10_000
const tasksAPass = 20

type Event = {
  action: AuditAction
  resource: { kind: string; id: string; label: string }
  after: Record<string, unknown> | null
  now: Date
}
export type VaultTaskDeps = {
  writes: WritePool
  reads: ReadPool
  clock: Clock
  logger: { error(detail: object, message: string): void }
  /** Whether the workspace takes writes, and the audit event of a change. */
  changes: {
    mayWrite(tx: Tx, workspaceId: string): Promise<boolean>
    record(tx: Tx, event: Event & { workspaceId: string }): Promise<void>
  }
  everyMs?: number
}
export type VaultTasks = Sweep & {
  /** Does what there is to do. */
  runAll(): Promise<void>
}

/**
 * Builds indexes and removes what deleted collections held, in batches, each a transaction of its own, of any number of processes one at
 * a time. Whatever is repeated after a crash has no further effect. A frozen workspace's work waits.
 */
export function createVaultTasks({ writes, reads, clock, logger, changes, everyMs = 2000 }: VaultTaskDeps): VaultTasks {
  let isStopping = false

  /** One batch; false where somebody else has the task, it is done, or the workspace takes no writes. */
  function step(task: VaultTask, work: (tx: Tx) => Promise<boolean>): Promise<boolean> {
    const { workspaceId } = task
    return writes.transaction(
      { workspaceId },
      async (tx) => (await changes.mayWrite(tx, workspaceId)) && (await takeTask(tx, task)) && work(tx),
      { workspaceId, mode: 'shared' },
    )
  }

  async function build(task: VaultTask): Promise<void> {
    const { workspaceId, collectionId } = task
    let after: string | null = null
    let isFilled = false
    let built = ''
    while (!isStopping) {
      const goesOn = await step(task, async (tx) => {
        const collection = await lockCollectionById(tx, workspaceId, collectionId, isFilled ? 'update' : 'share')
        if (!collection || collection.deleted_at !== null) return (await deleteTask(tx, task), false)
        const indexes = collection.indexes.filter(({ state }) => state === 'building')
        const wanted = indexes.map(({ no }) => no).join()
        // Changed meanwhile: what is built now begins anew.
        if (wanted !== built) [after, isFilled, built] = [null, false, wanted]
        if (!isFilled && indexes.length > 0) {
          after = await buildIndexes(tx, task, { ...collection, indexes }, { after, limit: batch })
          isFilled = after === null
          return true
        }
        if ((await deleteSomeEntries(tx, task, { keep: collection.indexes.map(({ no }) => no), limit: batch })) === batch) return true
        if (indexes.length > 0 && !isFilled) return true
        await updateCollection(tx, workspaceId, collectionId, {
          indexes: collection.indexes.map((index) => ({ ...index, state: 'ready' })),
        })
        await deleteTask(tx, task)
        const resource = { kind: 'vault_collection', id: collectionId, label: collection.name }
        await changes.record(tx, {
          workspaceId,
          action: 'vault_collection.index_build',
          resource,
          after: { indexes: indexes.length },
          now: clock.now(),
        })
        return false
      })
      if (!goesOn) return
    }
  }

  async function purge(task: VaultTask): Promise<void> {
    const { workspaceId, collectionId } = task
    while (!isStopping) {
      const goesOn = await step(task, async (tx) => {
        const collection = await lockCollectionById(tx, workspaceId, collectionId, 'update')
        if (!collection) return (await deleteTask(tx, task), false)
        if ((await deleteSomeEntries(tx, task, { keep: [], limit: batch })) === batch) return true
        const records = await deleteSomeRecords(tx, task, batch)
        await addToCount(tx, { workspaceId, collectionId, records: -records })
        const left = await countRecords(tx, workspaceId, collectionId)
        if (records < batch) {
          await deleteCollection(tx, workspaceId, collectionId)
          await deleteTask(tx, task)
        }
        const resource = { kind: 'vault_collection', id: collectionId, label: collection.name }
        await changes.record(tx, { workspaceId, action: 'vault_collection.purge', resource, after: { records, left }, now: clock.now() })
        return records === batch
      })
      if (!goesOn) return
    }
  }

  async function runAll(): Promise<void> {
    for (const task of await listTasks(reads, tasksAPass)) {
      try {
        await (task.kind === 'build' ? build(task) : purge(task))
      } catch (error) {
        // What fails for one collection must not hold up the others; it is tried again in the next pass.
        logger.error({ err: error, collection: task.collectionId, kind: task.kind }, 'work on a collection failed; trying again')
      }
    }
  }

  const sweep = createSweep({ pass: runAll, everyMs, logger, failure: 'looking for work on collections failed; trying again' })
  return {
    start: sweep.start,
    stop() {
      isStopping = true
      return sweep.stop()
    },
    runAll,
  }
}
