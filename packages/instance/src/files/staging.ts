import { AppError } from '@freehold/contract'
import { EpochMoved, type WritePool } from '@freehold/db'
import { ChecksumMismatch, type ObjectStore, ObjectTooLarge, type PutOptions } from '@freehold/drivers'
import { type Clock, newId } from '@freehold/kit'
import { deleteCleanup, insertCleanup } from './cleanup-queries.ts'
import { tooLarge } from './refusals.ts'

/** Bytes that are in the store and of which nothing tells yet. */
export type Staged = { objectId: string; size: number; sha256: string }
export type Staging = {
  /** Notes that an object about to be stored is to be removed unless a change claims it within a day. */
  note(workspaceId: string, objectId: string): Promise<void>
  /** Stores a body under a new key. Whatever becomes of this process, a sweep removes it unless a change claims it within a day. */
  store(workspaceId: string, body: AsyncIterable<Uint8Array>, options: PutOptions): Promise<Staged>
  /** Runs a change that claims staged bytes. Where it fails for good they are removed; where the request is decided anew they stay. */
  claiming<R>(workspaceId: string, staged: Staged | null, change: () => Promise<R>): Promise<R>
  /** Removes staged bytes. */
  remove(workspaceId: string, objectId: string): Promise<void>
}

const stagedForMs = 24 * 60 * 60 * 1000

export function objectKey(workspaceId: string, objectId: string): string {
  return `${workspaceId}/${objectId}`
}

/** Bytes are stored outside of any transaction, so that a slow upload holds no lock and no connection. */
export function createStaging({ objects, writes, clock }: { objects: ObjectStore; writes: WritePool; clock: Clock }): Staging {
  async function remove(workspaceId: string, objectId: string): Promise<void> {
    await objects.delete([objectKey(workspaceId, objectId)])
    await writes.transaction({ workspaceId }, (tx) => deleteCleanup(tx, { workspaceId, id: objectId, kind: 'object' }))
  }

  async function note(workspaceId: string, objectId: string): Promise<void> {
    const dueAt = new Date(clock.now().getTime() + stagedForMs)
    await writes.transaction({ workspaceId }, (tx) => insertCleanup(tx, [{ workspaceId, id: objectId, kind: 'object', dueAt }]))
  }

  return {
    note,
    remove,
    async store(workspaceId, body, options) {
      const objectId = newId(clock.now().getTime())
      // First the note: a process that is killed leaves nothing that nobody knows of.
      await note(workspaceId, objectId)
      try {
        return { objectId, ...(await objects.put(objectKey(workspaceId, objectId), readingOf(body), options)) }
      } catch (error) {
        await remove(workspaceId, objectId).catch(() => undefined)
        throw toRefusal(error)
      }
    },
    async claiming(workspaceId, staged, change) {
      try {
        return await change()
      } catch (error) {
        if (staged && !(error instanceof EpochMoved)) await remove(workspaceId, staged.objectId).catch(() => undefined)
        throw error
      }
    },
  }
}

/** What the store or the caller's own body throws, as the caller is told. */
export function toRefusal(error: unknown): unknown {
  if (error instanceof CutBody)
    return new AppError('invalid_request', 'The body ended before all its bytes had come. Send it again.', { cause: error })
  if (error instanceof ObjectTooLarge) return tooLarge(error.maxBytes)
  if (error instanceof ChecksumMismatch) return checksumMismatch(error.sha256)
  return error
}

export function checksumMismatch(sha256: string): AppError {
  return new AppError('checksum_mismatch', 'Send the bytes again: what came has another checksum than you said.', {
    members: { checksum_sha256: sha256 },
  })
}

class CutBody extends Error {}

/** Tells a client that went away from a store that failed. */
export async function* readingOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await chunks.next().catch((cause: unknown) => {
        throw new CutBody('the body was cut', { cause })
      })
      if (next.done) return
      yield next.value
    }
  } finally {
    await chunks.return?.()
  }
}
