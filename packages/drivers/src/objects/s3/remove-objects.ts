import { DeleteObjectsCommand } from '@aws-sdk/client-s3'
import { ObjectsUnavailable } from '../object-errors.ts'
import type { Bucket } from './bucket.ts'
import { onS3 } from './s3-faults.ts'

const batchSize = 1000

/** Removes by full names in the bucket. Missing ones are no error. */
export async function removeNames(bucket: Bucket, names: readonly string[]): Promise<void> {
  for (let at = 0; at < names.length; at += batchSize) {
    const Objects = names.slice(at, at + batchSize).map((Key) => ({ Key }))
    const input = { Bucket: bucket.name, Delete: { Objects, Quiet: true } }
    const { Errors = [] } = await onS3(() => bucket.client.send(new DeleteObjectsCommand(input)))
    const failed = Errors.filter(({ Code }) => Code !== 'NoSuchKey')
    if (failed.length > 0) throw new ObjectsUnavailable(`${failed.length} objects were not deleted (${failed[0]?.Code ?? 'unknown'})`)
  }
}
