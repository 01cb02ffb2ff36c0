import { createHash, randomUUID } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { ObjectTooLarge, OffsetMismatch, UploadMissing } from '../object-errors.ts'
import type { ObjectStore, Part, Stored } from '../object-store.ts'
import { createOneAtATime } from '../one-at-a-time.ts'
import { readChunks } from '../read-chunks.ts'
import { makeDirectory, onDisk, publish, removeFile, syncDirectory } from './disk.ts'
import type { Places } from './places.ts'
import { chunkBytes, writeAt } from './write-body.ts'

type Parts = Pick<ObjectStore, 'startParts' | 'partsSize' | 'appendPart' | 'finishParts' | 'abortParts'>

/** Resumable uploads: a file each, which grows. */
export function createParts(places: Places): Parts {
  const alone = createOneAtATime()
  return {
    async startParts(key) {
      const uploadId = randomUUID()
      const file = places.ofUpload(key, uploadId)
      await onDisk(async () => {
        await makeDirectory(places.parts)
        await (await open(file, 'wx', 0o600)).close()
        await syncDirectory(places.parts)
      })
      return uploadId
    },

    partsSize: (key, uploadId) => sizeOf(places, key, uploadId),

    async appendPart(key, uploadId, part) {
      const file = places.ofUpload(key, uploadId)
      return alone(file, () => append(file, part))
    },

    async finishParts(key, uploadId) {
      const file = places.ofUpload(key, uploadId)
      return alone(file, () => finish(file, places.ofObject(key), places.parts))
    },

    async abortParts(key, uploadId) {
      if ((await sizeOf(places, key, uploadId)) === null) return
      const file = places.ofUpload(key, uploadId)
      await alone(file, () => onDisk(() => removeFile(file)))
    },
  }
}

async function sizeOf(places: Places, key: string, uploadId: string): Promise<number | null> {
  try {
    const file = places.ofUpload(key, uploadId)
    return await onDisk(
      async () => (await stat(file)).size,
      () => null,
    )
  } catch (error) {
    if (error instanceof UploadMissing) return null
    throw error
  }
}

async function append(file: string, { offset, body, maxBytes, signal }: Part): Promise<number> {
  const handle = await onDisk(() => open(file, 'r+'), missing)
  try {
    let { size } = await onDisk(() => handle.stat())
    if (size !== offset) throw new OffsetMismatch(size)
    if (size > maxBytes) throw new ObjectTooLarge(maxBytes)
    try {
      await readChunks(body, { chunkBytes, maxBytes, offset, signal }, async (chunk) => {
        await writeAt(handle, chunk, size)
        size += chunk.length
      })
    } finally {
      await onDisk(() => handle.sync())
    }
    return size
  } finally {
    await handle.close()
  }
}

async function finish(file: string, object: string, partsDirectory: string): Promise<Stored> {
  const stored = await hashFile(file)
  if (stored) {
    await onDisk(async () => {
      await publish(file, object)
      await syncDirectory(partsDirectory)
    }, missing)
    return stored
  }
  // Whoever finished it died before saying so, or could not be heard.
  return (await hashFile(object)) ?? missing()
}

async function hashFile(file: string): Promise<Stored | null> {
  const handle = await onDisk(
    () => open(file, 'r'),
    () => null,
  )
  if (!handle) return null
  const hash = createHash('sha256')
  let size = 0
  const stream: Readable = handle.createReadStream({ highWaterMark: chunkBytes })
  await onDisk(async () => {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk)
      size += chunk.length
    }
  })
  return { size, sha256: hash.digest('hex') }
}

function missing(): never {
  throw new UploadMissing()
}
