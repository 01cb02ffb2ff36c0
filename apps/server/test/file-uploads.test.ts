import { createLocalObjects } from '@freehold/drivers'
import { hash, randomBytes } from 'node:crypto'
import { createReadStream, readdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type DetailedError, Upload, type UploadOptions } from 'tus-js-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

const mib = 1024 * 1024
let server: TestServer
let workspace: TestWorkspace
let scratch: string
beforeAll(async () => {
  server = await startTestServer()
  workspace = await server.workspace()
  scratch = await mkdtemp(join(tmpdir(), 'freehold-uploads-'))
})
afterAll(async () => {
  await server.close()
  await rm(scratch, { recursive: true })
})

const filesPath = () => `/v1/workspaces/${workspace.id}/files`
const owner = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.as(workspace.owner)(method, path, body, { 'tus-resumable': '1.0.0', ...headers })
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'hex')
const offsetType = { 'content-type': 'application/offset+octet-stream' }
const named = (name: string, more = '') => ({ 'upload-metadata': `filename ${Buffer.from(name).toString('base64')}${more}` })

/** A whole upload by the client that browsers and servers use. */
function uploadFile(file: string, size: number, options: Partial<UploadOptions> = {}) {
  let upload!: Upload
  const done = new Promise<string>((resolve, reject) => {
    upload = new Upload(createReadStream(file), {
      endpoint: `${server.url}${filesPath()}/tus`,
      headers: { authorization: `Bearer ${workspace.owner.token}` },
      metadata: { filename: 'big/tus.bin', filetype: 'video/mp4' },
      uploadSize: size,
      retryDelays: [0, 10, 50],
      storeFingerprintForResuming: false,
      onError: reject,
      onSuccess: () => resolve(upload.url!),
      ...options,
    })
  })
  return { upload, done }
}

test('GF-19 the tus client sends 60 MiB, is interrupted in the middle, resumes, and the bytes are the same', async () => {
  const bytes = randomBytes(60 * mib)
  const file = join(scratch, 'big')
  writeFileSync(file, bytes)
  let sentBefore = 0
  const { promise: halfway, resolve } = Promise.withResolvers<undefined>()
  const first = uploadFile(file, bytes.length, {
    onProgress(sent) {
      sentBefore = sent
      if (sent > 20 * mib) resolve(undefined)
    },
  })
  first.upload.start()
  await halfway
  await first.upload.abort()
  const url = first.upload.url!
  const path = new URL(url).pathname
  expect((await owner('GET', `${filesPath()}?prefix=big/`)).list).toEqual([])
  const head = await owner('HEAD', path)
  expect(head.status).toBe(200)
  expect([head.headers.get('upload-length'), head.headers.get('cache-control')]).toEqual([String(bytes.length), 'no-store'])
  expect(sentBefore).toBeLessThan(bytes.length)

  const starts: number[] = []
  const second = uploadFile(file, bytes.length, {
    uploadUrl: url,
    onProgress: (sent) => void starts.push(sent),
  })
  second.upload.start()
  expect(await second.done).toBe(url)
  expect(starts[0]).toBeGreaterThan(0)
  const [made] = (await owner('GET', `${filesPath()}?prefix=big/`)).list
  expect(made).toMatchObject({ name: 'big/tus.bin', size_bytes: bytes.length, checksum_sha256: sha256(bytes), content_type: 'video/mp4' })
  const done = await owner('GET', path)
  expect(done.json).toMatchObject({ status: 'done', offset_bytes: bytes.length, file_id: made!['id'] })
}, 120_000)

test('the client learns why it may not: a name that leads elsewhere, no access, too much', async () => {
  const file = join(scratch, 'small')
  writeFileSync(file, 'small')
  const refusal = async (options: Partial<UploadOptions>) => {
    const { upload, done } = uploadFile(file, 5, { retryDelays: null, ...options })
    upload.start()
    const error = await done.then(
      () => null,
      (reason: unknown) => reason as DetailedError,
    )
    return error?.originalResponse?.getStatus()
  }
  expect(await refusal({ metadata: { filename: '../../etc/passwd' } })).toBe(400)
  expect(await refusal({ headers: { authorization: `Bearer ${(await server.user()).token}` } })).toBe(404)
  expect(await refusal({ uploadSize: 60 * 1024 ** 3 })).toBe(413)
  expect(await refusal({ metadata: { filename: 'fine' } })).toBe(undefined)
})

test('with creation the bytes may come at once; a checksum that does not fit takes nothing', async () => {
  const bytes = randomBytes(1000)
  const atOnce = await owner('POST', `${filesPath()}/tus`, bytes, { ...named('at once'), 'upload-length': '1000', ...offsetType })
  expect([atOnce.status, atOnce.json['status'], atOnce.headers.get('upload-offset')]).toEqual([201, 'done', '1000'])
  expect(atOnce.headers.get('location')).toBe(`${filesPath()}/tus/${atOnce.json['id'] as string}`)

  const begun = await owner('POST', `${filesPath()}/tus`, bytes.subarray(0, 300), {
    ...named('in parts'),
    'upload-length': '1000',
    ...offsetType,
  })
  const path = begun.headers.get('location')!
  const append = (from: number, to: number, checksum: Uint8Array, offset = from) =>
    owner('PATCH', path, bytes.subarray(from, to), {
      ...offsetType,
      'upload-offset': String(offset),
      'upload-checksum': `sha256 ${hash('sha256', checksum, 'base64')}`,
    })
  expectStatus(await append(300, 600, bytes), 422)
  expectStatus(await append(600, 700, bytes.subarray(600, 700)), 409)
  expect((await owner('HEAD', path)).headers.get('upload-offset')).toBe('300')
  const part = await append(300, 600, bytes.subarray(300, 600))
  expect([part.status, part.headers.get('upload-offset')]).toEqual([204, '600'])
  expectStatus(await owner('PATCH', path, bytes.subarray(600), { 'upload-offset': '600' }), 415)
  expectStatus(await append(600, 1000, bytes.subarray(600)), 204)
  const [made] = (await owner('GET', `${filesPath()}?prefix=in parts`)).list
  expect(made!['checksum_sha256']).toBe(sha256(bytes))
})

test('a checksum of the whole that does not fit ends the upload, and there is no file', async () => {
  const wrong = `,checksum_sha256 ${Buffer.from('a'.repeat(64)).toString('base64')}`
  const begun = await owner('POST', `${filesPath()}/tus`, undefined, { ...named('wrong', wrong), 'upload-length': '3' })
  const path = begun.headers.get('location')!
  const last = await owner('PATCH', path, Buffer.from('abc'), { ...offsetType, 'upload-offset': '0' })
  expect([last.status, last.json['code']]).toEqual([422, 'checksum_mismatch'])
  expectStatus(await owner('HEAD', path), 404)
  expect((await owner('GET', `${filesPath()}?prefix=wrong`)).list).toEqual([])
})

test('an upload is ended with its bytes, and what is spoken here is told to whoever asks', async () => {
  const begun = await owner('POST', `${filesPath()}/tus`, randomBytes(300), { ...named('ended'), 'upload-length': '1000', ...offsetType })
  const path = begun.headers.get('location')!
  expectStatus(await owner('DELETE', path), 204)
  expectStatus(await owner('HEAD', path), 404)
  const parts = join(server.config.dataDir, 'objects', 'parts')
  await expect.poll(() => readdirSync(parts)).toEqual([])
  const options = await server.call('OPTIONS', `${filesPath()}/tus`)
  expect([options.status, options.headers.get('tus-version')]).toEqual([204, '1.0.0'])
  expect(options.headers.get('tus-extension')).toBe('creation,creation-with-upload,termination,checksum,expiration')
})

test('GF-10 frozen while an upload is under way: the rest is refused with 423, and goes on once it is unfrozen', async () => {
  const begun = await owner('POST', `${filesPath()}/tus`, undefined, { ...named('frozen'), 'upload-length': '6' })
  const path = begun.headers.get('location')!
  const append = (offset: number) => owner('PATCH', path, Buffer.from('abc'), { ...offsetType, 'upload-offset': String(offset) })
  const setStatus = async (status: string) => expectStatus(await owner('PATCH', `/v1/workspaces/${workspace.id}/status`, { status }), 200)
  expectStatus(await append(0), 204)
  await setStatus('frozen')
  expectStatus(await append(3), 423)
  expect((await owner('HEAD', path)).headers.get('upload-offset')).toBe('3')
  await setStatus('active')
  expectStatus(await append(3), 204)
})

test.each([false, true])(
  'GF-19 a server that died between the last byte and the file leaves an upload that ends well (object made: %s)',
  async (isMade) => {
    const name = `between ${String(isMade)}`
    const begun = await owner('POST', `${filesPath()}/tus`, undefined, { ...named(name), 'upload-length': '6' })
    const path = begun.headers.get('location')!
    const { rows } = await server.superuser.query<{ object_id: string; parts_id: string }>(
      'select object_id, parts_id from instance.file_upload where id = $1',
      [begun.json['id']],
    )
    const { object_id: objectId, parts_id: partsId } = rows[0]!
    const objects = createLocalObjects({ directory: join(server.config.dataDir, 'objects') })
    const key = `${workspace.id}/${objectId}`
    await objects.appendPart(key, partsId, { offset: 0, maxBytes: 6, body: Readable.from([Buffer.from('abcdef')]) })
    if (isMade) await objects.finishParts(key, partsId)
    expect((await owner('HEAD', path)).headers.get('upload-offset')).toBe('5')
    expectStatus(await owner('PATCH', path, Buffer.from('f'), { ...offsetType, 'upload-offset': '5' }), 204)
    const [made] = (await owner('GET', `${filesPath()}?prefix=${name}`)).list
    expect(made!['checksum_sha256']).toBe(sha256(Buffer.from('abcdef')))
  },
)
