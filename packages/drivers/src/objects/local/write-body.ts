import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { Stored } from '../object-store.ts'
import { readChunks } from '../read-chunks.ts'
import { onDisk } from './disk.ts'

/** In chunks of this size the disk is as fast as nginx makes it; with those of a socket (64 KiB) less than half of that. */
export const chunkBytes = 1024 * 1024

type Body = { body: AsyncIterable<Uint8Array>; maxBytes: number; signal?: AbortSignal | undefined }

/** Writes a body from `position` on. The hash runs here while a thread writes. */
export async function writeHashed(handle: FileHandle, { body, maxBytes, signal }: Body): Promise<Stored> {
  const hash = createHash('sha256')
  let size = 0
  await readChunks(body, { chunkBytes, maxBytes, signal }, async (chunk) => {
    const writing = writeAt(handle, chunk, size)
    hash.update(chunk)
    size += chunk.length
    await writing
  })
  return { size, sha256: hash.digest('hex') }
}

/** Writes all of a chunk; a write may be short where the disk fills up. */
export function writeAt(handle: FileHandle, chunk: Buffer, position: number): Promise<void> {
  return onDisk(async () => {
    for (let at = 0; at < chunk.length;) {
      const { bytesWritten } = await handle.write(chunk, at, chunk.length - at, position + at)
      at += bytesWritten
    }
  })
}
