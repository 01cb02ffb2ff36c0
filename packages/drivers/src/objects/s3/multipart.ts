import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  type Part,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { ObjectsUnavailable, UploadMissing } from '../object-errors.ts'
import type { Bucket } from './bucket.ts'
import { onS3, orNull } from './s3-faults.ts'

/** S3's own limits: the parts of an upload, and the least that one has which is not the last. */
export const maxParts = 10_000

export type SentPart = Pick<Part, 'PartNumber' | 'ETag' | 'ChecksumCRC32'>

export async function beginMultipart(bucket: Bucket, key: string, contentType?: string): Promise<string> {
  const input = {
    ...bucket.at(key),
    ...bucket.encryption,
    ChecksumAlgorithm: 'CRC32' as const,
    ...(contentType && { ContentType: contentType }),
  }
  const { UploadId } = await onS3(() => bucket.client.send(new CreateMultipartUploadCommand(input)))
  if (!UploadId) throw new ObjectsUnavailable('the object store begins no upload')
  return UploadId
}

export async function sendPart(
  bucket: Bucket,
  key: string,
  { uploadId, number, bytes }: { uploadId: string; number: number; bytes: Buffer },
): Promise<SentPart> {
  const input = { ...bucket.at(key), UploadId: uploadId, PartNumber: number, Body: bytes, ChecksumAlgorithm: 'CRC32' as const }
  const { ETag, ChecksumCRC32 } = await onS3(() => bucket.client.send(new UploadPartCommand(input)))
  return toSent({ PartNumber: number, ...(ETag && { ETag }), ...(ChecksumCRC32 && { ChecksumCRC32 }) })
}

/** What the completion of an upload says of a part. */
export function toSent({ PartNumber, ETag, ChecksumCRC32 }: Part): SentPart {
  return { PartNumber: PartNumber!, ETag: ETag!, ...(ChecksumCRC32 && { ChecksumCRC32 }) }
}

/** Makes the object. Where S3 has done so already and only its answer was lost, that is well. */
export async function completeMultipart(
  bucket: Bucket,
  key: string,
  { uploadId, parts, size }: { uploadId: string; parts: SentPart[]; size: number },
): Promise<void> {
  try {
    const input = { ...bucket.at(key), UploadId: uploadId, MultipartUpload: { Parts: parts } }
    await onS3(() => bucket.client.send(new CompleteMultipartUploadCommand(input)))
  } catch (error) {
    if (!(error instanceof UploadMissing)) throw error
    const made = await orNull(() => bucket.client.send(new HeadObjectCommand(bucket.at(key))))
    if (made?.ContentLength !== size) throw error
  }
}

/** A missing one is no error. */
export async function abortMultipart(bucket: Bucket, key: string, uploadId: string): Promise<void> {
  const input = { ...bucket.at(key), UploadId: uploadId }
  await orNull(() => bucket.client.send(new AbortMultipartUploadCommand(input)))
}
