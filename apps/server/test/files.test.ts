import { hash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { nameCorpus } from './support/name-corpus.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let workspace: TestWorkspace
let other: TestWorkspace
beforeAll(async () => {
  server = await startTestServer()
  workspace = await server.workspace()
  other = await server.workspace({ id: workspace.accountId, owner: workspace.owner })
})
afterAll(() => server.close())

const filesPath = (of = workspace) => `/v1/workspaces/${of.id}/files`
const contentPath = (name: string, of = workspace) => `${filesPath(of)}/content?name=${encodeURIComponent(name)}`
const owner = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.as(workspace.owner)(method, path, body, headers)
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'hex')

async function put(name: string, bytes: Uint8Array | string, headers: Record<string, string> = {}): Promise<string> {
  const made = await owner('PUT', contentPath(name), Buffer.from(bytes), headers)
  expectStatus(made, 200)
  return made.json['id'] as string
}

async function bytesOf(path: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${workspace.owner.token}`, ...headers } })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

/** The objects that a workspace has in the store. */
function objectsOf(of: TestWorkspace): string[] {
  const directory = join(server.config.dataDir, 'objects')
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes(of.id))
    .map(({ name }) => name)
}

test('GF-19 what is streamed in comes out the same, as an attachment that no browser runs', async () => {
  const bytes = randomBytes(3_000_001)
  const made = await owner('PUT', contentPath('reports/2026/ä "b".html'), bytes, {
    'content-type': 'text/html',
    'x-checksum-sha256': sha256(bytes),
  })
  expect(made.json).toMatchObject({ name: 'reports/2026/ä "b".html', status: 'ready', version: 1, checksum_sha256: sha256(bytes) })
  const answer = await bytesOf(`${filesPath()}/${made.json['id'] as string}/content`)
  expect(answer.bytes.equals(bytes)).toBe(true)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': '3000001',
    'content-disposition': `attachment; filename="_ _b_.html"; filename*=UTF-8''%C3%A4%20%22b%22.html`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    etag: `"${sha256(bytes)}"`,
    'accept-ranges': 'bytes',
  })
})

test('GF-19 parts, conditions and HEAD are answered as RFC 9110 says', async () => {
  const id = await put('ranges.txt', '0123456789')
  const path = `${filesPath()}/${id}/content`
  const etag = `"${sha256(Buffer.from('0123456789'))}"`
  const cases: [Record<string, string>, number, string, string | null][] = [
    [{ range: 'bytes=0-3' }, 206, '0123', 'bytes 0-3/10'],
    [{ range: 'bytes=7-' }, 206, '789', 'bytes 7-9/10'],
    [{ range: 'bytes=-2' }, 206, '89', 'bytes 8-9/10'],
    [{ range: 'bytes=-99' }, 206, '0123456789', 'bytes 0-9/10'],
    [{ range: 'bytes=4-99' }, 206, '456789', 'bytes 4-9/10'],
    [{ range: 'bytes=0-1,4-5' }, 200, '0123456789', null],
    [{ range: 'lines=1-2' }, 200, '0123456789', null],
    [{ range: 'bytes=5-2' }, 200, '0123456789', null],
    [{ range: 'bytes=0-3', 'if-range': etag }, 206, '0123', 'bytes 0-3/10'],
    [{ range: 'bytes=0-3', 'if-range': '"other"' }, 200, '0123456789', null],
    [{ range: 'bytes=0-3', 'if-range': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 200, '0123456789', null],
    [{ 'if-none-match': etag }, 304, '', null],
    [{ 'if-none-match': `"x", W/${etag}` }, 304, '', null],
    [{ 'if-none-match': '"x"' }, 200, '0123456789', null],
  ]
  for (const [headers, status, text, range] of cases) {
    const answer = await bytesOf(path, headers)
    expect([answer.status, answer.bytes.toString(), answer.headers.get('content-range')], JSON.stringify(headers)).toEqual([
      status,
      text,
      range,
    ])
  }
  for (const range of ['bytes=10-', 'bytes=-0']) {
    const beyond = await bytesOf(path, { range })
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10'])
  }
  const head = await owner('HEAD', path)
  expect([head.status, head.text, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([200, '', '10', etag])
  const empty = await put('empty', '')
  expect((await bytesOf(`${filesPath()}/${empty}/content`)).bytes).toHaveLength(0)
})

test('GF-19 a file is uploaded by URL without a credential, checked, and there only once it is finalized', async () => {
  const bytes = randomBytes(10_000)
  const wanted = { name: 'by-url.bin', size_bytes: bytes.length, checksum_sha256: sha256(bytes), content_type: 'image/png' }
  const begun = await owner('POST', `${filesPath()}/upload-url`, wanted)
  expectStatus(begun, 201)
  const { id } = begun.json['file'] as { id: string }
  const path = new URL(begun.json['upload_url'] as string).pathname
  expect(begun.json['file']).toMatchObject({ status: 'pending', version: 0 })
  expect((await owner('POST', `${filesPath()}/${id}/finalize`)).json['code']).toBe('invalid_state')
  const wrong = await server.call('PUT', path, { body: randomBytes(10_000) })
  expect([wrong.status, wrong.json['code']]).toEqual([422, 'checksum_mismatch'])
  expectStatus(await server.call('PUT', path, { body: bytes.subarray(1) }), 422)
  expectStatus(await server.call('PUT', path, { body: bytes }), 204)
  expect((await owner('GET', `${filesPath()}?prefix=by-url`)).list).toEqual([])
  const done = await owner('POST', `${filesPath()}/${id}/finalize`)
  expect([done.status, done.json['status'], done.json['id'], done.json['checksum_sha256']]).toEqual([200, 'ready', id, sha256(bytes)])
  const again = await owner('POST', `${filesPath()}/${id}/finalize`)
  expect([again.status, again.text]).toEqual([200, done.text])
  // The URL is still young, and can change nothing any more.
  expectStatus(await server.call('PUT', path, { body: bytes }), 404)
  expect((await bytesOf(`${filesPath()}/${id}/content`)).bytes.equals(bytes)).toBe(true)
})

test('GF-19 a download URL serves one version of one file, while the workspace is there', async () => {
  const id = await put('shared.json', '{"a":1}', { 'content-type': 'application/json' })
  const made = await owner('GET', `${filesPath()}/${id}/download-url?expires_in_s=60`)
  const path = new URL(made.json['url'] as string).pathname
  const answer = await server.call('GET', path)
  expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([200, '{"a":1}', 'application/json'])
  await put('shared.json', '{"a":2}')
  expect((await server.call('GET', path)).text).toBe('{"a":1}')
  const [text, mac] = path.split('/').at(-1)!.split('.') as [string, string]
  const claim = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
  const forged = Buffer.from(JSON.stringify(claim.with(1, other.id))).toString('base64url')
  for (const token of [`${forged}.${mac}`, `${text}.${'A'.repeat(43)}`, text, `${text}.${mac}.x`]) {
    expectStatus(await server.call('GET', `/v1/downloads/${token}`), 404, token)
    expectStatus(await server.call('PUT', `/v1/uploads/${token}`, { body: Buffer.from('x') }), 404, token)
  }
  expectStatus(await server.call('PUT', `/v1/uploads/${text}.${mac}`, { body: Buffer.from('x') }), 404)
  expectStatus(await owner('DELETE', `${filesPath()}/${id}`), 204)
  expectStatus(await server.call('GET', path), 404)
})

test('GF-25 a file of one workspace is nowhere in another, even for who reaches both', async () => {
  const id = await put('mine.txt', 'mine')
  for (const path of ['', '/content', '/download-url', '/versions', '/versions/1/content'])
    expectStatus(await owner('GET', `${filesPath(other)}/${id}${path}`), 404, path)
  expect((await owner('GET', filesPath(other))).list).toEqual([])
})

test('conditions on a name: write only what is new, or only over what was read', async () => {
  const first = await owner('PUT', contentPath('conditional'), Buffer.from('1'), { 'if-none-match': '*' })
  expectStatus(first, 200)
  const etag = first.headers.get('etag')!
  expectStatus(await owner('PUT', contentPath('conditional'), Buffer.from('2'), { 'if-none-match': '*' }), 412)
  expectStatus(await owner('PUT', contentPath('conditional'), Buffer.from('2'), { 'if-match': '"x"' }), 412)
  expectStatus(await owner('PUT', contentPath('not there'), Buffer.from('2'), { 'if-match': '*' }), 412)
  const racing = await Promise.all(
    ['a', 'b', 'c', 'd'].map((text) => owner('PUT', contentPath('conditional'), Buffer.from(text), { 'if-match': etag })),
  )
  expect(racing.map(({ status }) => status).toSorted((one, two) => one - two)).toEqual([200, 412, 412, 412])
  const mismatch = await owner('PUT', contentPath('conditional'), Buffer.from('2'), { 'x-checksum-sha256': 'a'.repeat(64) })
  expect([mismatch.status, mismatch.json['code']]).toEqual([422, 'checksum_mismatch'])
  const digest = `sha-256=:${hash('sha256', 'right', 'base64')}:`
  expectStatus(await owner('PUT', contentPath('conditional'), Buffer.from('right'), { 'content-digest': digest }), 200)
  expectStatus(await owner('PUT', contentPath('conditional'), Buffer.from('wrong'), { 'content-digest': digest }), 422)
})

test('of 8 writers of one name at once each makes a version, and none is lost', async () => {
  const texts = Array.from({ length: 8 }, (_, index) => `writer ${index}`)
  const written = await Promise.all(texts.map((text) => owner('PUT', contentPath('contended'), Buffer.from(text))))
  expect(written.map(({ status }) => status)).toEqual(texts.map(() => 200))
  const id = written[0]!.json['id'] as string
  const versions = await owner('GET', `${filesPath()}/${id}/versions`)
  expect(versions.list.map(({ version }) => version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
  const kept = await Promise.all(versions.list.map(({ version }) => bytesOf(`${filesPath()}/${id}/versions/${String(version)}/content`)))
  expect(kept.map(({ bytes }) => bytes.toString()).toSorted()).toEqual(texts)
})

test('a version is restored as a new one, and a file is renamed, but over no other', async () => {
  const id = await put('old/name.txt', 'one', { 'content-type': 'text/plain' })
  await put('old/name.txt', 'two')
  const restored = await owner('POST', `${filesPath()}/${id}/versions/1/restore`)
  expect(restored.json).toMatchObject({ version: 3, content_type: 'text/plain' })
  expect((await bytesOf(`${filesPath()}/${id}/content`)).bytes.toString()).toBe('one')
  expectStatus(await owner('POST', `${filesPath()}/${id}/versions/1/restore`), 404)
  await put('new/taken.txt', 'x')
  expectStatus(await owner('PATCH', `${filesPath()}/${id}`, { name: 'new/taken.txt' }), 409)
  const moved = await owner('PATCH', `${filesPath()}/${id}`, { name: 'new/name.txt' })
  expect([moved.status, moved.json['name'], moved.json['version']]).toEqual([200, 'new/name.txt', 3])
  expect((await owner('GET', `${filesPath()}?prefix=old/`)).list).toEqual([])
})

test('GF-17 a folder lists its folders, then its files, in pages of any size', async () => {
  const place = await server.workspace({ id: workspace.accountId, owner: workspace.owner })
  const names = ['a/1', 'a/b/2', 'a/b/3', 'a/c/d/4', 'a0', 'b/5', 'top', 'ä/6', 'a/z', 'a.txt', 'b/b/7']
  for (const name of names) expectStatus(await owner('PUT', contentPath(name, place), Buffer.from(name)), 200)
  const list = async (path: string, limit: number) => {
    const found: unknown[] = []
    let next: string | null = `${filesPath(place)}/folder?path=${path}&limit=${limit}`
    while (next !== null) {
      const page = await owner('GET', next)
      expectStatus(page, 200)
      found.push(...page.list.map(({ name }) => name))
      next = /<([^>]+)>/.exec(page.headers.get('link') ?? '')?.[1] ?? null
    }
    return found
  }
  for (const limit of [1, 2, 3, 100]) {
    expect(await list('', limit)).toEqual(['a/', 'b/', 'ä/', 'a.txt', 'a0', 'top'])
    expect(await list('a', limit)).toEqual(['a/b/', 'a/c/', 'a/1', 'a/z'])
    expect(await list('a/c/', limit)).toEqual(['a/c/d/'])
    expect(await list('none/', limit)).toEqual([])
  }
  const byPrefix = await owner('GET', `${filesPath(place)}?prefix=${encodeURIComponent('a/')}`)
  expect(byPrefix.list.map(({ name }) => name)).toEqual(['a/1', 'a/b/2', 'a/b/3', 'a/c/d/4', 'a/z'])
})

test('GF-19 of 500 hostile names each is refused, or kept as it is and nowhere on the disk', async () => {
  const place = await server.workspace({ id: workspace.accountId, owner: workspace.owner })
  const corpus = nameCorpus()
  expect(corpus.length).toBeGreaterThanOrEqual(500)
  const kept = new Set<string>()
  for (const { name, allowed } of corpus) {
    const answer = await owner('PUT', contentPath(name, place), Buffer.from('x'))
    expect([answer.status, JSON.stringify(name)]).toEqual([allowed ? 200 : 400, JSON.stringify(name)])
    if (!allowed) continue
    expect(answer.json['name']).toBe(name.normalize('NFC'))
    kept.add(name.normalize('NFC'))
    const { headers } = await bytesOf(`${filesPath(place)}/${answer.json['id'] as string}/content`)
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[^"\\/]*"; filename\*=UTF-8''[\w!#$&+.^`|~%-]*$/)
  }
  const objects = objectsOf(place)
  expect(objects.filter((name) => !/^[0-9a-f-]{36}$/.test(name))).toEqual([])
  expect(objects.length).toBe(corpus.filter(({ allowed }) => allowed).length)
  expect((await owner('GET', `${filesPath(place)}?limit=1000`)).list).toHaveLength(kept.size)
}, 120_000)

test('limits: what is too much is refused before it is read, and one who says no length is cut off', async () => {
  const place = await server.workspace({ id: workspace.accountId, owner: workspace.owner })
  const setLimit = (name: string, allowed: number) =>
    server.superuser.query(`begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true);
      update hub.workspace_limit set allowed = ${allowed} where workspace_id = '${place.id}' and name = '${name}'; commit`)
  await setLimit('file_bytes', 1000)
  await setLimit('files', 3)
  expectStatus(await owner('PUT', contentPath('a', place), randomBytes(600)), 200)
  const over = await owner('PUT', contentPath('b', place), randomBytes(401))
  expect([over.status, over.json]).toMatchObject([402, { limit: 'file_bytes', allowed: 1000, used: 600 }])
  expect(await chunked(contentPath('b', place), 100, 100_000)).toBe(402)
  expectStatus(await owner('POST', `${filesPath(place)}/upload-url`, { name: 'c', size_bytes: 401 }), 402)
  const reserved = await owner('POST', `${filesPath(place)}/upload-url`, { name: 'c', size_bytes: 400 })
  expectStatus(reserved, 201)
  expectStatus(await owner('PUT', contentPath('b', place), Buffer.from('x')), 402)
  expectStatus(await owner('DELETE', `${filesPath(place)}/${(reserved.json['file'] as { id: string }).id}`), 204)
  // An old version takes room, too.
  expectStatus(await owner('PUT', contentPath('a', place), randomBytes(400)), 200)
  expectStatus(await owner('PUT', contentPath('a', place), Buffer.from('x')), 402)
  await setLimit('file_bytes', 10_000)
  for (const name of ['b', 'c']) expectStatus(await owner('PUT', contentPath(name, place), Buffer.from('x')), 200)
  const fourth = await owner('PUT', contentPath('d', place), Buffer.from('x'))
  expect([fourth.status, fourth.json]).toMatchObject([402, { limit: 'files', allowed: 3, used: 3 }])
})

/** Sends so many chunks of so many bytes without a length; answers the status, also where the connection is cut after it. */
function chunked(path: string, chunks: number, bytes: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${workspace.owner.token}`, 'content-type': 'application/octet-stream' }
    const request = http.request(server.url + path, { method: 'PUT', headers }, (response) => {
      resolve(response.statusCode)
      request.destroy()
    })
    request.on('error', reject)
    const chunk = Buffer.alloc(bytes)
    for (let count = 0; count < chunks; count++) request.write(chunk)
    request.end()
  })
}

test('GF-10 an upload during which the workspace is frozen is answered 423, and is no file', async () => {
  const place = await server.workspace({ id: workspace.accountId, owner: workspace.owner })
  const setStatus = async (status: string) => expectStatus(await owner('PATCH', `/v1/workspaces/${place.id}/status`, { status }), 200)
  const begun = await owner('POST', `${filesPath(place)}/upload-url`, { name: 'by url' })
  const paths = [contentPath('streamed', place), new URL(begun.json['upload_url'] as string).pathname]
  for (const path of paths) {
    const { request, status } = slowPut(path)
    request.write(Buffer.alloc(100_000))
    await until(() => objectsBegun() > 0)
    await setStatus('frozen')
    request.end(Buffer.alloc(10))
    expect(await status).toBe(423)
    await setStatus('active')
  }
  expect((await owner('GET', filesPath(place))).list).toEqual([])
  expect((await owner('POST', `${filesPath(place)}/${(begun.json['file'] as { id: string }).id}/finalize`)).status).toBe(409)
})

/** Bodies that are being written. */
function objectsBegun(): number {
  return readdirSync(join(server.config.dataDir, 'objects', 'tmp')).length
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

function slowPut(path: string) {
  const headers = { authorization: `Bearer ${workspace.owner.token}`, 'content-type': 'application/octet-stream' }
  const request = http.request(server.url + path, { method: 'PUT', headers })
  const status = new Promise((resolve, reject) => {
    request.on('response', (response) => resolve(response.resume().statusCode))
    request.on('error', reject)
  })
  return { request, status }
}

test('an upload whose client goes away leaves nothing', async () => {
  const place = await server.workspace({ id: workspace.accountId, owner: workspace.owner })
  const { request, status } = slowPut(contentPath('cut', place))
  status.catch(() => undefined)
  request.write(Buffer.alloc(1_000_000))
  await until(() => objectsBegun() > 0)
  request.destroy()
  await until(() => objectsBegun() === 0)
  expect(objectsOf(place)).toEqual([])
  expect((await owner('GET', filesPath(place))).list).toEqual([])
})
