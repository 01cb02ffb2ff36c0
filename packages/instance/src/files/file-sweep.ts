import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { createSweep, type Sweep, sweepAll } from '@freehold/workflow'
import { type Cleanup, deleteCleanup, insertCleanup, listDue, takeDue } from './cleanup-queries.ts'
import type { SweepEvent, SweepOptions } from './deps.ts'
import { dropUpload } from './drop-upload.ts'
import { fileReference } from './file-answer.ts'
import { findFile } from './queries.ts'
import { objectKey } from './staging.ts'
import { lockUpload } from './upload-queries.ts'
import { addUsage } from './usage-queries.ts'
import { deleteVersion, findVersionByObject } from './version-queries.ts'

const itemsAPass = 200
const hourMs = 60 * 60 * 1000
// Longer than any upload may be silent.
const partsForMs = 8 * 24 * hourMs

export type FileSweep = Sweep & {
  /** Does now what is due, and answers how many items are done. */
  sweepDue(): Promise<number>
}

/**
 * Removes bytes that nobody needs: staged ones that no change has claimed, abandoned uploads, versions after their 30 days, and
 * what was deleted. Several processes may run one each: a lock for each item keeps them apart.
 */
export function createFileSweep(options: SweepOptions): FileSweep {
  const { writes, reads, objects, clock, logger, everyMs = 60_000 } = options
  let partsSweptAt = 0

  async function sweep(item: Cleanup): Promise<boolean> {
    const { workspaceId } = item
    try {
      return await writes.transaction({ workspaceId }, (tx) => sweepItem(tx, options, item), { workspaceId, mode: 'shared' })
    } catch (error) {
      // What fails for one must not hold up the others; it is tried again in the next pass.
      logger.error({ err: error, id: item.id, kind: item.kind }, 'bytes that nobody needs could not be removed')
      return false
    }
  }

  const sweepDue = () => sweepAll(() => listDue(reads, clock.now(), itemsAPass), sweep)

  async function sweepParts(): Promise<void> {
    const now = clock.now().getTime()
    if (now - partsSweptAt < hourMs) return
    partsSweptAt = now
    await objects.sweep(new Date(now - partsForMs))
  }

  const pass = () => sweepDue().then(sweepParts)
  const failure = 'looking for bytes that nobody needs failed; trying again'
  return { ...createSweep({ pass, everyMs, logger, failure }), sweepDue }
}

/** Answers whether it is done: another process may have it, and what changes rows waits while the workspace is not active. */
async function sweepItem(tx: Tx, options: SweepOptions, item: Cleanup): Promise<boolean> {
  const { objects, places, clock } = options
  const now = clock.now()
  if (!(await takeDue(tx, item, now))) return false
  if (item.kind === 'object') {
    // Before the commit: if this process dies in between, the item is there to be done again.
    await objects.delete([objectKey(item.workspaceId, item.id)])
    await deleteCleanup(tx, item)
    return true
  }
  const place = await places.find(tx, item.workspaceId)
  if (place && place.status !== 'active') {
    await insertCleanup(tx, [{ ...item, dueAt: new Date(now.getTime() + hourMs) }])
    return true
  }
  const event = item.kind === 'upload' ? await expireUpload(tx, options, item, now) : await expireVersion(tx, item, now)
  await deleteCleanup(tx, item)
  if (event && place) await options.record(tx, { ...event, workspaceId: item.workspaceId, at: now })
  return true
}

type Expiry = Pick<SweepEvent, 'action' | 'resource' | 'before'> | null

async function expireUpload(tx: Tx, { objects }: SweepOptions, { workspaceId, id }: Cleanup, now: Date): Promise<Expiry> {
  const upload = await lockUpload(tx, workspaceId, id)
  if (!upload) return null
  if (upload.expires_at > now) throw new AppError('internal', 'an upload is due before it expires')
  if (upload.parts_id !== null) await objects.abortParts(objectKey(workspaceId, upload.object_id), upload.parts_id)
  await dropUpload(tx, workspaceId, upload, { now, isDone: false })
  return { action: 'file.upload_expire', resource: { ...fileReference(upload), kind: 'file' }, before: { name: upload.name } }
}

async function expireVersion(tx: Tx, { workspaceId, id }: Cleanup, now: Date): Promise<Expiry> {
  const version = await findVersionByObject(tx, workspaceId, id)
  if (!version) return null
  const file = await findFile(tx, workspaceId, version.file_id)
  await deleteVersion(tx, workspaceId, version.file_id, version.version)
  await addUsage(tx, workspaceId, { files: 0, bytes: -Number(version.size_bytes) })
  await insertCleanup(tx, [{ workspaceId, id, kind: 'object', dueAt: now }])
  const { version: number, size_bytes: size } = version
  return {
    action: 'file.version_expire',
    resource: { kind: 'file', id: version.file_id, label: file?.name ?? version.file_id },
    before: { version: number, size_bytes: Number(size) },
  }
}
