import { type S3Server, startS3Server } from '@freehold/testing'
import { hash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

// The routes of files over a bucket, where clients send and fetch bytes by URLs of the store's own.
let s3: S3Server
let server: TestServer
let workspace: TestWorkspace
beforeAll(async () => {
  s3 = await startS3Server()
  server = await startTestServer({ s3: { ...s3, pathStyle: true } })
  workspace = await server.workspace()
})
afterAll(async () => {
  await server?.close()
  await s3?.stop()
})

const owner = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.as(workspace.owner)(method, `/v1/workspaces/${workspace.id}/files${path}`, body, headers)
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'hex')

async function download(id: string): Promise<Buffer> {
  const answer = await owner('GET', `/${id}/download-url`)
  expectStatus(answer, 200)
  const url = String(answer.json['url'])
  expect(url.startsWith(server.url)).toBe(false)
  const response = await fetch(url)
  expect([response.status, response.headers.get('content-disposition')?.split(';')[0]]).toEqual([200, 'attachment'])
  return Buffer.from(await response.arrayBuffer())
}

test('GF-19 bytes go to the bucket by its own URL, are verified on finalize, and come back by another', async () => {
  const bytes = randomBytes(300_000)
  const wanted = { name: 'by url/ö.bin', size_bytes: bytes.length, checksum_sha256: sha256(bytes) }
  const made = await owner('POST', '/upload-url', wanted)
  expectStatus(made, 201)
  const { id } = made.json['file'] as { id: string }
  const url = String(made.json['upload_url'])
  expect(url.startsWith(server.url)).toBe(false)
  expect((await owner('POST', `/${id}/finalize`)).status).toBe(409)
  const put = await fetch(url, { method: 'PUT', body: bytes, headers: (made.json['upload_headers'] ?? {}) as Record<string, string> })
  expect(put.status).toBe(200)
  expect((await owner('GET', '?prefix=by')).list).toEqual([])
  const finalized = await owner('POST', `/${id}/finalize`)
  expectStatus(finalized, 200)
  expect(finalized.json).toMatchObject({ name: wanted.name, size_bytes: bytes.length, checksum_sha256: wanted.checksum_sha256 })
  expect((await download(finalized.json['id'] as string)).equals(bytes)).toBe(true)
})

test('GF-19 bytes that are streamed through reach the bucket whole, and a part of them is read from there', async () => {
  const bytes = randomBytes(20 * 1024 * 1024)
  const put = await owner('PUT', '/content?name=streamed.bin', bytes)
  expectStatus(put, 200)
  expect(put.json).toMatchObject({ size_bytes: bytes.length, checksum_sha256: sha256(bytes) })
  const id = put.json['id'] as string
  const url = `${server.url}/v1/workspaces/${workspace.id}/files/${id}/content`
  const part = await fetch(url, { headers: { authorization: `Bearer ${workspace.owner.token}`, range: 'bytes=17000000-17000999' } })
  expect(part.status).toBe(206)
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(17_000_000, 17_001_000))).toBe(true)
  expect((await download(id)).equals(bytes)).toBe(true)
})

test('GF-19 a resumable upload grows in the bucket', async () => {
  const bytes = randomBytes(18 * 1024 * 1024)
  const tus = { 'tus-resumable': '1.0.0' }
  const name = `filename ${Buffer.from('resumed.bin').toString('base64')}`
  const made = await owner('POST', '/tus', undefined, { ...tus, 'upload-length': String(bytes.length), 'upload-metadata': name })
  expectStatus(made, 201)
  const at = `/tus/${String(made.json['id'])}`
  const type = { ...tus, 'content-type': 'application/offset+octet-stream' }
  for (const [from, to] of [
    [0, 1_000_000],
    [1_000_000, 17_500_000],
    [17_500_000, bytes.length],
  ] as const) {
    const sent = await owner('PATCH', at, bytes.subarray(from, to), { ...type, 'upload-offset': String(from) })
    expectStatus(sent, 204)
    expect(sent.headers.get('upload-offset')).toBe(String(to))
  }
  const [file] = (await owner('GET', '?prefix=resumed')).list
  expect(file).toMatchObject({ size_bytes: bytes.length, checksum_sha256: sha256(bytes) })
  expect((await download(file!['id'] as string)).equals(bytes)).toBe(true)
})
