import { SignatureV4 } from '@smithy/signature-v4'
import { attachment } from '../attachment.ts'
import type { DownloadUrlOptions, UploadUrlOptions } from '../object-store.ts'
import type { Bucket } from './bucket.ts'
import { onS3 } from './s3-faults.ts'

type Signed = {
  method: 'GET' | 'PUT'
  key: string
  headers: Record<string, string>
  query: Record<string, string>
  expiresInSeconds: number
}

/** For one PUT with exactly these headers: they are signed, so another length, type or checksum is refused, as is a second PUT. */
export async function signUpload(
  bucket: Bucket,
  key: string,
  options: UploadUrlOptions,
): Promise<{ url: string; headers: Record<string, string> }> {
  const { contentType, sizeBytes, sha256, expiresInSeconds } = options
  const { ServerSideEncryption, SSEKMSKeyId } = bucket.encryption as { ServerSideEncryption?: string; SSEKMSKeyId?: string }
  const headers = {
    // Else the bytes could change after they were looked at, until the URL expires.
    'if-none-match': '*',
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(sizeBytes !== undefined && { 'content-length': String(sizeBytes) }),
    ...(sha256 !== undefined && { 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') }),
    ...(ServerSideEncryption && { 'x-amz-server-side-encryption': ServerSideEncryption }),
    ...(SSEKMSKeyId && { 'x-amz-server-side-encryption-aws-kms-key-id': SSEKMSKeyId }),
  }
  return { url: await sign(bucket, { method: 'PUT', key, headers, query: {}, expiresInSeconds }), headers }
}

export function signDownload(
  bucket: Bucket,
  key: string,
  { fileName, contentType, expiresInSeconds }: DownloadUrlOptions,
): Promise<string> {
  const query = { 'response-content-disposition': attachment(fileName), 'response-content-type': contentType }
  return sign(bucket, { method: 'GET', key, headers: {}, query, expiresInSeconds })
}

async function sign(bucket: Bucket, { method, key, headers, query, expiresInSeconds }: Signed): Promise<string> {
  const { Key } = bucket.at(key)
  const { config } = bucket.client
  const base = await endpointOf(bucket)
  const signer = new SignatureV4({
    service: 's3',
    region: config.region,
    credentials: config.credentials,
    sha256: config.sha256,
    uriEscapePath: false,
  })
  const path = `${base.pathname.replace(/\/$/, '')}/${Key.split('/').map(encodeURIComponent).join('/')}`
  const request = {
    method,
    protocol: base.protocol,
    hostname: base.hostname,
    path,
    query,
    headers: { host: base.host, ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
  }
  const unhoistableHeaders = new Set(Object.keys(headers))
  const signed = await onS3(() => signer.presign(request, { expiresIn: expiresInSeconds, unhoistableHeaders }))
  const text = Object.entries(signed.query ?? {}).map(([name, value]) => `${encodeURIComponent(name)}=${encode(String(value))}`)
  return `${base.origin}${path}?${text.join('&')}`
}

/** As the signature does it (RFC 3986). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Where the bucket is, by the rules of the SDK. */
async function endpointOf(bucket: Bucket): Promise<URL> {
  const { config } = bucket.client
  const { url } = config.endpointProvider({
    Bucket: bucket.name,
    Region: await config.region(),
    ForcePathStyle: bucket.pathStyle,
    UseFIPS: false,
    UseDualStack: false,
    Accelerate: false,
    ...(bucket.endpoint !== null && { Endpoint: bucket.endpoint }),
  })
  return url
}
