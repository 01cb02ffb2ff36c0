import { S3Client } from '@aws-sdk/client-s3'
import { parseKey } from '../object-key.ts'
import type { S3Options } from './s3-options.ts'

export type Bucket = ReturnType<typeof openBucket>

/**
 * The client, and where things stand in the bucket:
 *
 *     <prefix>objects/<key>                          objects
 *     <prefix>tails/<key>/<hash of upload>/<offset>  what of a resumable upload is not a part yet
 */
export function openBucket(options: S3Options) {
  const { bucket, endpoint, region, credentials, prefix = '', pathStyle = false, encryption, timeoutMs = 30_000, maxAttempts = 3 } = options
  const knownRegion = region ?? (endpoint ? 'us-east-1' : null)
  const connections = { keepAlive: true, maxSockets: 512 }
  const client = new S3Client({
    ...(endpoint && { endpoint }),
    ...(knownRegion && { region: knownRegion }),
    ...(credentials && { credentials }),
    forcePathStyle: pathStyle,
    maxAttempts,
    // We name a checksum ourselves where there is a body; others would be for the SDK's own guesses at empty bodies and streams.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 5000,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      // Longer: a download also waits for its reader.
      socketTimeout: 2 * timeoutMs,
      // Each download holds one for as long as the reader takes; 50, the default, would make slow readers an outage.
      httpAgent: connections,
      httpsAgent: connections,
    },
  })
  const objects = `${prefix}objects/`
  const tails = `${prefix}tails/`
  return {
    client,
    name: bucket,
    endpoint: endpoint ?? null,
    pathStyle,
    objects,
    tails,
    /** Of every request that makes an object. */
    encryption: encryption
      ? { ServerSideEncryption: encryption.algorithm, ...(encryption.kmsKeyId && { SSEKMSKeyId: encryption.kmsKeyId }) }
      : {},
    /** The object of a key, as an input of a request. */
    at(key: string) {
      parseKey(key)
      return { Bucket: bucket, Key: objects + key }
    },
  }
}
