import { type S3Server, startS3Server } from '@freehold/testing'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ObjectsUnavailable } from '../object-errors.ts'
import type { ObjectStore } from '../object-store.ts'
import { openBucket } from '../s3/bucket.ts'
import { createS3Objects } from '../s3/index.ts'
import { sendPart } from '../s3/multipart.ts'
import type { S3Options } from '../s3/s3-options.ts'
import { bodyOf, mib, newKey, randomBytes, sha256 } from './bodies.ts'
import { never, objectCases, readAll } from './objects.ts'
import { processCases } from './processes.ts'
import { uploadCases } from './uploads.ts'

let server: S3Server
let store: ObjectStore
const optionsOf = ({ endpoint, bucket, region, credentials }: S3Server): S3Options => ({
  endpoint,
  bucket,
  region,
  credentials,
  pathStyle: true,
  prefix: 'freehold/',
})
beforeAll(async () => {
  server = await startS3Server()
  store = createS3Objects(optionsOf(server))
})
afterAll(async () => {
  store?.close()
  await server?.stop()
})

describe('a bucket', () => {
  objectCases(() => store)
  uploadCases(() => store)
  processCases(
    () => store,
    () => optionsOf(server),
  )
})

test('an upload goes on after a finish that broke off with the last part sent', async () => {
  const [key, bytes] = [newKey(), randomBytes(45 * mib)]
  const uploadId = await store.startParts(key)
  const append = (from: number, to: number) =>
    store.appendPart(key, uploadId, { offset: from, body: bodyOf(bytes.subarray(from, to)), maxBytes: bytes.length })
  await append(0, 20 * mib)
  const bucket = openBucket(optionsOf(server))
  await sendPart(bucket, key, { uploadId, number: 2, bytes: bytes.subarray(16 * mib, 20 * mib) })
  bucket.client.destroy()
  expect(await store.partsSize(key, uploadId)).toBe(20 * mib)
  await append(20 * mib, bytes.length)
  expect(await store.finishParts(key, uploadId)).toEqual({ size: bytes.length, sha256: sha256(bytes) })
})

/** `fetch` sets the length itself. */
function send({ url, headers }: { url: string; headers: Record<string, string> }, body: string, others: Record<string, string> = {}) {
  const { 'content-length': _, ...sent } = headers
  return fetch(url, { method: 'PUT', body, headers: { ...sent, ...others } })
}

describe('a client with a URL', () => {
  const text = 'from a client'
  const signed = { contentType: 'text/plain', sizeBytes: text.length, sha256: sha256(Buffer.from(text)), expiresInSeconds: 60 }

  test('stores what was agreed on, once', async () => {
    const key = newKey()
    const upload = (await store.uploadUrl(key, signed))!
    expect((await send(upload, text)).status).toBe(200)
    expect((await readAll(store, key)).toString()).toBe(text)
    expect((await send(upload, text)).status).toBe(412)
  })

  test('cannot store anything else, or elsewhere', async () => {
    const [key, other] = [newKey(), newKey()]
    const upload = (await store.uploadUrl(key, signed))!
    expect((await send(upload, `${text}!`)).ok).toBe(false)
    expect((await send(upload, text.toUpperCase())).ok).toBe(false)
    expect((await send(upload, text, { 'content-type': 'text/html' })).ok).toBe(false)
    expect((await send({ ...upload, headers: { 'content-type': 'text/plain' } }, text)).ok).toBe(false)
    expect((await send({ ...upload, url: upload.url.replace(key, other) }, text)).ok).toBe(false)
    expect([await store.head(key), await store.head(other)]).toEqual([null, null])
  })

  test('stores without a word about type, size and checksum', async () => {
    const key = newKey()
    expect((await send((await store.uploadUrl(key, { expiresInSeconds: 60 }))!, text)).status).toBe(200)
    expect(await store.head(key)).toEqual({ size: text.length })
  })

  test.each(['report.pdf', 'Übersicht "2026" (*)\'s.pdf', '../../etc/passwd', 'a\r\nset-cookie: b', '日本語.txt'])(
    'fetches %j as an attachment of its type',
    async (fileName) => {
      const key = newKey()
      await store.put(key, bodyOf(text), { maxBytes: 100, contentType: 'text/html' })
      const url = (await store.downloadUrl(key, { fileName, contentType: 'application/octet-stream', expiresInSeconds: 60 }))!
      const answer = await fetch(url)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toBe(text)
      expect(answer.headers.get('content-type')).toBe('application/octet-stream')
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="/)
      const encoded = /filename\*=UTF-8''(\S+)$/.exec(answer.headers.get('content-disposition')!)?.[1]
      if (encoded !== undefined) expect(decodeURIComponent(encoded)).toBe(fileName)
      expect((await fetch(url.replace('octet-stream', 'html'))).status).toBe(403)
      expect((await fetch(url, { method: 'PUT', body: 'x' })).ok).toBe(false)
    },
  )
})

/** What each function of a store that cannot be reached or used does. */
async function expectUnavailable(options: Partial<S3Options>) {
  const broken = createS3Objects({ ...optionsOf(server), maxAttempts: 1, ...options })
  const key = newKey()
  expect(await broken.ready()).toBe(false)
  const asked = [
    broken.put(key, bodyOf('x'), { maxBytes: 1 }),
    broken.put(key, bodyOf(randomBytes(9 * mib)), { maxBytes: 10 * mib }),
    broken.delete([key]),
    Array.fromAsync(broken.list('')),
    broken.startParts(key),
    broken.sweep(new Date()),
  ]
  for (const answer of await Promise.allSettled(asked)) {
    expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(ObjectsUnavailable) as ObjectsUnavailable })
  }
  broken.close()
}

describe('a store is unavailable, and keeps nobody waiting,', () => {
  test('where nobody listens', () => expectUnavailable({ endpoint: 'http://127.0.0.1:9' }))
  test('where the credentials are wrong', () => expectUnavailable({ credentials: { accessKeyId: 'x', secretAccessKey: 'y' } }))
  test('where there is no such bucket', () => expectUnavailable({ bucket: 'no-such-bucket' }))

  test('where somebody listens and says nothing', async () => {
    const mute: Server = createServer(() => undefined)
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as { port: number }
    await expectUnavailable({ endpoint: `http://127.0.0.1:${port}`, timeoutMs: 300 })
    mute.close()
  })
})

test('a server that falls silent ends what is under way, and the same client is answered again once it is back', async () => {
  const [key, large] = [newKey(), newKey()]
  const client = createS3Objects({ ...optionsOf(server), maxAttempts: 1, timeoutMs: 500 })
  await client.put(large, bodyOf(randomBytes(40 * mib)), { maxBytes: 40 * mib })
  const download = await client.get(large, null, never)
  server.freeze()
  try {
    await expect(client.put(key, bodyOf('x'), { maxBytes: 1 })).rejects.toBeInstanceOf(ObjectsUnavailable)
    await expect(client.get(large, null, never)).rejects.toBeInstanceOf(ObjectsUnavailable)
    await expect(download.toArray()).rejects.toBeInstanceOf(Error)
    expect(await client.ready()).toBe(false)
  } finally {
    server.thaw()
  }
  await expect.poll(() => client.ready(), { timeout: 10_000 }).toBe(true)
  await client.put(key, bodyOf('y'), { maxBytes: 1 })
  expect((await readAll(client, key)).toString()).toBe('y')
  client.close()
})
