import { ListPartsCommand, type Part as ListedPart } from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { ObjectTooLarge, OffsetMismatch, UploadMissing } from '../object-errors.ts'
import type { ObjectStore, Part, Stored } from '../object-store.ts'
import { createOneAtATime } from '../one-at-a-time.ts'
import { readChunks } from '../read-chunks.ts'
import type { Bucket } from './bucket.ts'
import { abortMultipart, beginMultipart, completeMultipart, maxParts, sendPart, type SentPart, toSent } from './multipart.ts'
import { putWhole } from './put-object.ts'
import { hashObject } from './read-object.ts'
import { orNull } from './s3-faults.ts'
import { tailsOf } from './tails.ts'

type Parts = Pick<ObjectStore, 'startParts' | 'partsSize' | 'appendPart' | 'finishParts' | 'abortParts'>

// Every part has exactly this size, but for the last: some stores demand it, and it tells a part from a finish that broke off.
const partBytes = 16 * 1024 * 1024

/** Resumable uploads: a multipart upload each, and its tail. */
export function createParts(bucket: Bucket): Parts {
  const alone = createOneAtATime()
  return {
    startParts: async (key) => beginMultipart(bucket, key),
    async partsSize(key, uploadId) {
      const state = await readState(bucket, key, uploadId)
      return state && state.partsSize + state.tailSize
    },
    appendPart: (key, uploadId, part) => alone(uploadId, () => append(bucket, { key, uploadId }, part)),
    finishParts: (key, uploadId) => alone(uploadId, () => finish(bucket, { key, uploadId })),
    abortParts: (key, uploadId) =>
      alone(uploadId, async () => {
        await abortMultipart(bucket, key, uploadId)
        await tailsOf(bucket, key, uploadId).remove()
      }),
  }
}

type Upload = { key: string; uploadId: string }
type State = { parts: SentPart[]; partsSize: number; tailSize: number }

/** Null where there is no such upload. */
async function readState(bucket: Bucket, key: string, uploadId: string): Promise<State | null> {
  const parts: SentPart[] = []
  const upload = { ...bucket.at(key), UploadId: uploadId }
  let marker: string | undefined
  do {
    const page = await orNull(() => bucket.client.send(new ListPartsCommand({ ...upload, ...(marker && { PartNumberMarker: marker }) })))
    if (!page) return null
    for (const part of page.Parts ?? []) if (isNext(part, parts.length)) parts.push(toSent(part))
    marker = page.IsTruncated ? page.NextPartNumberMarker : undefined
  } while (marker)
  const partsSize = parts.length * partBytes
  return { parts, partsSize, tailSize: await tailsOf(bucket, key, uploadId).size(partsSize) }
}

function isNext({ PartNumber, Size }: ListedPart, count: number): boolean {
  return PartNumber === count + 1 && Size === partBytes
}

async function append(bucket: Bucket, { key, uploadId }: Upload, part: Part): Promise<number> {
  const state = await readState(bucket, key, uploadId)
  if (!state) throw new UploadMissing()
  const { parts, partsSize, tailSize } = state
  if (partsSize + tailSize !== part.offset) throw new OffsetMismatch(partsSize + tailSize)
  const maxBytes = Math.min(part.maxBytes, partBytes * maxParts)
  if (part.offset > maxBytes) throw new ObjectTooLarge(maxBytes)

  const tails = tailsOf(bucket, key, uploadId)
  const tail = tailSize > 0 ? await tails.read(partsSize) : null
  let size = partsSize
  let sent = parts.length
  await readChunks(joined(tail, part.body), { chunkBytes: partBytes, maxBytes, offset: partsSize, signal: part.signal }, async (chunk) => {
    if (chunk.length === partBytes) await sendPart(bucket, key, { uploadId, number: ++sent, bytes: chunk })
    else if (size + chunk.length > part.offset) await tails.write(size, chunk)
    size += chunk.length
  })
  return size
}

/** The tail comes as one chunk before all else, so that whatever cuts the body leaves no less than there was. */
async function* joined(tail: Buffer | null, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (tail) yield tail
  yield* body
}

async function finish(bucket: Bucket, { key, uploadId }: Upload): Promise<Stored> {
  const state = await readState(bucket, key, uploadId)
  const tails = tailsOf(bucket, key, uploadId)
  if (!state) {
    // Whoever finished it died before saying so, or could not be heard.
    const made = await hashObject(bucket, key)
    if (!made) throw new UploadMissing()
    await tails.remove()
    return made
  }
  const { parts, partsSize, tailSize } = state
  const tail = await tails.read(partsSize)
  if (parts.length === 0) {
    const stored = { size: tail.length, sha256: createHash('sha256').update(tail).digest('hex') }
    await putWhole(bucket, key, { bytes: tail, sha256: stored.sha256 })
    await abortMultipart(bucket, key, uploadId)
    await tails.remove()
    return stored
  }
  if (tailSize > 0) parts.push(await sendPart(bucket, key, { uploadId, number: parts.length + 1, bytes: tail }))
  await completeMultipart(bucket, key, { uploadId, parts, size: partsSize + tailSize })
  await tails.remove()
  const stored = await hashObject(bucket, key)
  if (!stored) throw new UploadMissing()
  return stored
}
