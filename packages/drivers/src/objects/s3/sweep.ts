import {
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandInput,
  type ListMultipartUploadsCommandOutput,
} from '@aws-sdk/client-s3'
import { isKey } from '../object-key.ts'
import type { Bucket } from './bucket.ts'
import { listNames } from './list-names.ts'
import { abortMultipart } from './multipart.ts'
import { removeNames } from './remove-objects.ts'
import { onS3 } from './s3-faults.ts'

/** Multipart uploads that were begun before, and tails written before. */
export async function sweep(bucket: Bucket, before: Date): Promise<number> {
  const forgotten = await Array.fromAsync(listUploads(bucket, before))
  for (const { key, uploadId } of forgotten) await abortMultipart(bucket, key, uploadId)
  const tails: string[] = []
  for await (const { name, modifiedAt } of listNames(bucket, bucket.tails)) if (modifiedAt < before) tails.push(name)
  await removeNames(bucket, tails)
  return forgotten.length + tails.length
}

async function* listUploads(bucket: Bucket, before: Date): AsyncGenerator<{ key: string; uploadId: string }> {
  let marker: Pick<ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'> | null = {}
  while (marker) {
    const input: ListMultipartUploadsCommandInput = { Bucket: bucket.name, Prefix: bucket.objects, ...marker }
    const page: ListMultipartUploadsCommandOutput = await onS3(() => bucket.client.send(new ListMultipartUploadsCommand(input)))
    for (const { Key = '', UploadId, Initiated } of page.Uploads ?? []) {
      const key = Key.slice(bucket.objects.length)
      if (isKey(key) && UploadId && Initiated && Initiated < before) yield { key, uploadId: UploadId }
    }
    marker = page.IsTruncated ? { KeyMarker: page.NextKeyMarker ?? '', UploadIdMarker: page.NextUploadIdMarker ?? '' } : null
  }
}
