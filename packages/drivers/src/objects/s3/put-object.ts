import { PutObjectCommand } from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { ChecksumMismatch } from '../object-errors.ts'
import type { PutOptions, Stored } from '../object-store.ts'
import { readChunks } from '../read-chunks.ts'
import type { Bucket } from './bucket.ts'
import { abortMultipart, beginMultipart, completeMultipart, maxParts, sendPart, type SentPart } from './multipart.ts'
import { onS3 } from './s3-faults.ts'

const mib = 1024 * 1024

/** One request for a small body, parts for a larger one; visible once the last of it is there and its checksum is right. */
export async function putObject(
  bucket: Bucket,
  key: string,
  { body, ...options }: PutOptions & { body: AsyncIterable<Uint8Array> },
): Promise<Stored> {
  const { contentType, sha256, signal } = options
  bucket.at(key)
  // Two parts are in memory; they grow only where the limit asks for more than 10,000 of them.
  const partBytes = Math.min(64 * mib, Math.max(8 * mib, Math.ceil(options.maxBytes / maxParts / mib) * mib))
  const maxBytes = Math.min(options.maxBytes, partBytes * maxParts)
  const hash = createHash('sha256')
  const parts: SentPart[] = []
  let uploadId: string | null = null
  let last: Buffer | null = null
  let size = 0
  try {
    await readChunks(body, { chunkBytes: partBytes, maxBytes, signal }, async (chunk) => {
      hash.update(chunk)
      size += chunk.length
      // A shorter one is the last, or all of a body that has failed: that is known after this.
      if (chunk.length < partBytes) {
        last = chunk
        return
      }
      uploadId ??= await beginMultipart(bucket, key, contentType)
      parts.push(await sendPart(bucket, key, { uploadId, number: parts.length + 1, bytes: chunk }))
    })
    const stored = { size, sha256: hash.digest('hex') }
    if (sha256 !== undefined && stored.sha256 !== sha256) throw new ChecksumMismatch(stored.sha256)
    signal?.throwIfAborted()
    if (uploadId === null) {
      await putWhole(bucket, key, { bytes: last ?? Buffer.alloc(0), sha256: stored.sha256, contentType })
    } else {
      if (last) parts.push(await sendPart(bucket, key, { uploadId, number: parts.length + 1, bytes: last }))
      await completeMultipart(bucket, key, { uploadId, parts, size })
    }
    return stored
  } catch (error) {
    // As far as that can be done; what is left is swept later.
    if (uploadId !== null) await abortMultipart(bucket, key, uploadId).catch(() => undefined)
    throw error
  }
}

/** Stores bytes that are in memory; S3 compares the checksum before it shows them. */
export async function putWhole(
  bucket: Bucket,
  key: string,
  { bytes, sha256, contentType }: { bytes: Buffer; sha256: string; contentType?: string | undefined },
): Promise<void> {
  const checksum = { ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64') }
  const input = { ...bucket.at(key), ...bucket.encryption, ...checksum, Body: bytes, ...(contentType && { ContentType: contentType }) }
  await onS3(() => bucket.client.send(new PutObjectCommand(input)))
}
