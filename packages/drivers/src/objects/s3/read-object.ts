import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { addAbortSignal, type Readable } from 'node:stream'
import { ObjectMissing, RangeNotSatisfiable } from '../object-errors.ts'
import { checkRange } from '../object-key.ts'
import type { ByteRange, Stored } from '../object-store.ts'
import type { Bucket } from './bucket.ts'
import { onS3, orNull } from './s3-faults.ts'

export async function headObject(bucket: Bucket, key: string): Promise<{ size: number } | null> {
  const input = bucket.at(key)
  const found = await orNull(() => bucket.client.send(new HeadObjectCommand(input)))
  return found && { size: found.ContentLength ?? 0 }
}

export async function getObject(bucket: Bucket, key: string, range: ByteRange | null, signal: AbortSignal): Promise<Readable> {
  if (range) checkRange(range)
  signal.throwIfAborted()
  const input = { ...bucket.at(key), ...(range && { Range: `bytes=${range.start}-${range.end}` }) }
  const answer = await onS3(() => bucket.client.send(new GetObjectCommand(input), { abortSignal: signal }), signal)
  const stream = answer.Body as Readable
  // Whoever reads it is told of a fault; while nobody does, one must not end the process.
  stream.on('error', () => undefined)
  // A range of an empty object is answered with all of it by some.
  if (range && answer.ContentRange === undefined && range.start >= (answer.ContentLength ?? 0)) {
    stream.destroy()
    throw new RangeNotSatisfiable()
  }
  return addAbortSignal(signal, stream)
}

/** Reads an object for its checksum; null where it is missing. S3 has none of a whole that was sent in parts. */
export async function hashObject(bucket: Bucket, key: string): Promise<Stored | null> {
  const hash = createHash('sha256')
  let size = 0
  try {
    // Each read has the client's deadline between two chunks.
    const stream = await getObject(bucket, key, null, new AbortController().signal)
    await onS3(async () => {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        hash.update(chunk)
        size += chunk.length
      }
    })
  } catch (error) {
    if (error instanceof ObjectMissing) return null
    throw error
  }
  return { size, sha256: hash.digest('hex') }
}
