import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { Readable } from 'node:stream'
import type { Egress } from '../egress/create-egress.ts'
import { describeFailure } from './describe-failure.ts'
import { bad, good, type Outcome } from './outcome.ts'

type Bucket = {
  endpoint: string | undefined
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
  pathStyle: boolean
}
type SignedRequest = {
  protocol: string
  hostname: string
  port?: number
  path: string
  method: string
  query?: Record<string, string | string[] | null>
  headers: Record<string, string>
}

/** Lists one name of a bucket, the least that needs both the keys and the bucket. */
export async function checkS3(
  egress: Egress,
  { endpoint, region, bucket, accessKeyId, secretAccessKey, pathStyle }: Bucket,
): Promise<Outcome> {
  let where = endpoint === undefined ? 'Amazon S3' : new URL(endpoint).host
  const client = new S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: pathStyle,
    maxAttempts: 1,
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: {
      async handle(request: SignedRequest) {
        where = request.hostname
        const {
          status: statusCode,
          headers,
          body,
        } = await egress.fetch(urlOf(request), { method: 'GET', headers: request.headers, timeoutMs: 8000 })
        return { response: { statusCode, headers, body: Readable.from([body]) } as never }
      },
    },
  })
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }))
    return good(
      `The bucket ${bucket} can be listed.`,
      endpoint?.startsWith('http:') ? 'What is stored crosses the network in the clear: use https.' : null,
    )
  } catch (error) {
    return describe(error, bucket) ?? describeFailure(error, where)
  } finally {
    client.destroy()
  }
}

function urlOf({ protocol, hostname, port, path, query = {} }: SignedRequest): string {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value ?? ''))
  return url.href
}

function describe(error: unknown, bucket: string): Outcome | undefined {
  const { name, $metadata: { httpStatusCode: status } = {} } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
  if (name === 'InvalidAccessKeyId')
    return bad('The store does not know the access key id.', 'Check it, and that it is a key of this store.')
  if (name === 'SignatureDoesNotMatch')
    return bad('The store refused the secret access key.', 'Put in the one that belongs to the access key id.')
  if (name === 'NoSuchBucket') return bad(`There is no bucket ${bucket}.`, 'Check its name and the endpoint.')
  if (name === 'ExpiredToken' || name === 'InvalidToken') return bad('The access key has expired.', 'Put in a new one.')
  if (name === 'PermanentRedirect' || name === 'AuthorizationHeaderMalformed' || (status !== undefined && status >= 300 && status < 400))
    return bad(`The bucket ${bucket} is in another region or at another endpoint.`, 'Set the region, or the endpoint, that it is at.')
  if (name === 'SlowDown' || status === 429)
    return bad('The store takes no more requests for now, so the key was not tried.', 'Check again in a few minutes.')
  if (name === 'RequestTimeTooSkewed')
    return bad('The clocks of the store and of Freehold differ too much.', 'Set the clock of the machine right.')
  if (status === 403)
    return bad(`The key may not list the bucket ${bucket}.`, 'Grant it s3:ListBucket on the bucket, and check that the keys are right.')
  if (status === 404) return bad(`There is no bucket ${bucket}, or no S3 at this endpoint.`, 'Check both.')
  if (status !== undefined && status >= 500) return bad(`The store has a fault of its own: it answered ${status}.`, 'Check again later.')
  if (status !== undefined) return bad('Something answers there, but not as S3 does.', 'Check the endpoint.')
  return undefined
}
