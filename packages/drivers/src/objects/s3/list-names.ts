import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { checkPrefix, isKey } from '../object-key.ts'
import type { ListedObject } from '../object-store.ts'
import type { Bucket } from './bucket.ts'
import { onS3 } from './s3-faults.ts'

type Named = { name: string; size: number; modifiedAt: Date }

/** Everything in the bucket whose full name begins so, page by page. */
export async function* listNames(bucket: Bucket, prefix: string): AsyncGenerator<Named> {
  let next: string | undefined
  do {
    const input = { Bucket: bucket.name, Prefix: prefix, ...(next !== undefined && { ContinuationToken: next }) }
    const page = await onS3(() => bucket.client.send(new ListObjectsV2Command(input)))
    for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? []) {
      yield { name: Key, size: Size, modifiedAt: LastModified }
    }
    next = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (next !== undefined)
}

export async function* listObjects(bucket: Bucket, prefix: string): AsyncGenerator<ListedObject> {
  checkPrefix(prefix)
  for await (const { name, size, modifiedAt } of listNames(bucket, bucket.objects + prefix)) {
    const key = name.slice(bucket.objects.length)
    if (isKey(key)) yield { key, size, modifiedAt }
  }
}
