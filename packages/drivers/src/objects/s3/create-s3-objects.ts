import { HeadBucketCommand } from '@aws-sdk/client-s3'
import type { ObjectStore } from '../object-store.ts'
import { openBucket } from './bucket.ts'
import { listObjects } from './list-names.ts'
import { createParts } from './parts.ts'
import { putObject } from './put-object.ts'
import { getObject, headObject } from './read-object.ts'
import { removeNames } from './remove-objects.ts'
import type { S3Options } from './s3-options.ts'
import { signDownload, signUpload } from './signed-urls.ts'
import { sweep } from './sweep.ts'

const readyMs = 1500

/** Keeps objects in a bucket of S3, or of a service that speaks as it does. The bucket must be there. */
export function createS3Objects(options: S3Options): ObjectStore {
  const bucket = openBucket(options)
  return {
    put: (key, body, put) => putObject(bucket, key, { body, ...put }),
    head: (key) => headObject(bucket, key),
    get: (key, range, signal) => getObject(bucket, key, range, signal),
    delete: async (keys) =>
      removeNames(
        bucket,
        keys.map((key) => bucket.at(key).Key),
      ),
    list: (prefix) => listObjects(bucket, prefix),
    ...createParts(bucket),
    uploadUrl: (key, url) => signUpload(bucket, key, url),
    downloadUrl: async (key, url) => signDownload(bucket, key, url),
    sweep: (before) => sweep(bucket, before),
    ready: () =>
      bucket.client.send(new HeadBucketCommand({ Bucket: bucket.name }), { abortSignal: AbortSignal.timeout(readyMs) }).then(
        () => true,
        () => false,
      ),
    close: () => bucket.client.destroy(),
  }
}
