import { createLocalObjects } from '@freehold/drivers'
import { findWorkspaceStanding, insertSystemEvent } from '@freehold/hub'
import { createFileSweep, deleteWorkspaceObjects } from '@freehold/instance'
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

const dayMs = 24 * 60 * 60 * 1000
let server: TestServer
let workspace: TestWorkspace
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const filesPath = () => `/v1/workspaces/${workspace.id}/files`
const owner = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.as(workspace.owner)(method, path, body, headers)
const put = (name: string, text: string) => owner('PUT', `${filesPath()}/content?name=${name}`, Buffer.from(text))
const objects = () => createLocalObjects({ directory: join(server.config.dataDir, 'objects') })

async function keys(): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of objects().list(`${workspace.id}/`)) found.push(key)
  return found
}

/** Does what is due so many days from now. */
async function sweepIn(days: number): Promise<void> {
  const { reads, writes } = server.database
  const errors: object[] = []
  const sweep = createFileSweep({
    reads,
    writes,
    objects: objects(),
    places: { find: findWorkspaceStanding },
    clock: { now: () => new Date(Date.now() + days * dayMs) },
    logger: { error: (detail) => errors.push(detail) },
    record: (tx, { at, ...event }) => insertSystemEvent(tx, { ...event, now: at }),
  })
  await sweep.sweepDue()
  expect(errors).toEqual([])
}

async function usage(): Promise<unknown> {
  const { rows } = await server.superuser.query<{ files: string; bytes: string }>(
    'select files, bytes from instance.file_usage where workspace_id = $1',
    [workspace.id],
  )
  return rows.map(({ files, bytes }) => [Number(files), Number(bytes)])[0]
}

const actions = async () => {
  const { rows } = await server.superuser.query<{ action: string }>(
    "select action from hub.audit_event where workspace_id = $1 and actor_kind = 'system' and action like 'file.%' order by id",
    [workspace.id],
  )
  return rows.map(({ action }) => action)
}

test('GF-19 versions go after 30 days, and what is deleted goes at once; the room is free again', async () => {
  workspace = await server.workspace()
  const kept = await put('kept', 'one')
  await put('kept', 'three')
  const gone = await put('gone', 'gone')
  expectStatus(await owner('DELETE', `${filesPath()}/${gone.json['id'] as string}`), 204)
  await sweepIn(0)
  expect([(await keys()).length, await usage()]).toEqual([2, [1, 8]])
  await sweepIn(29)
  expect((await keys()).length).toBe(2)
  await sweepIn(31)
  expect([(await keys()).length, await usage(), await actions()]).toEqual([1, [1, 5], ['file.version_expire']])
  const versions = await owner('GET', `${filesPath()}/${kept.json['id'] as string}/versions`)
  expect(versions.list.map(({ version }) => version)).toEqual([2])
  expect((await owner('GET', `${filesPath()}/${kept.json['id'] as string}/content`)).text).toBe('three')
})

test('GF-19 abandoned uploads go with their bytes: by URL after a day, resumable ones after a week', async () => {
  workspace = await server.workspace()
  const begun = await owner('POST', `${filesPath()}/upload-url`, { name: 'by-url', size_bytes: 3 })
  expectStatus(await server.call('PUT', new URL(begun.json['upload_url'] as string).pathname, { body: Buffer.from('abc') }), 204)
  const tus = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' }
  const metadata = { 'upload-length': '10', 'upload-metadata': `filename ${Buffer.from('tus').toString('base64')}` }
  const resumable = await owner('POST', `${filesPath()}/tus`, Buffer.from('abc'), { ...tus, ...metadata })
  expectStatus(resumable, 201)
  expect(await usage()).toEqual([2, 13])
  await sweepIn(0)
  expect(await usage()).toEqual([2, 13])
  await sweepIn(2)
  expect([await keys(), await usage()]).toEqual([[], [1, 10]])
  await sweepIn(8)
  expect([await usage(), await actions()]).toEqual([
    [0, 0],
    ['file.upload_expire', 'file.upload_expire'],
  ])
  expectStatus(await owner('HEAD', resumable.headers.get('location')!, undefined, tus), 404)
})

test('bytes that were staged by a process that died go after a day; an upload that comes back later than that is refused', async () => {
  workspace = await server.workspace()
  const orphan = `${workspace.id}/01900000-0000-7000-8000-00000000dead`
  await objects().put(orphan, [Buffer.from('orphan')] as never, { maxBytes: 10 })
  await server.superuser.query(
    "insert into instance.file_cleanup (workspace_id, id, kind, due_at) values ($1, $2, 'object', now() + interval '1 day')",
    [workspace.id, orphan.slice(-36)],
  )
  await sweepIn(0)
  expect(await keys()).toEqual([orphan])
  await sweepIn(2)
  expect(await keys()).toEqual([])
})

test('a frozen workspace keeps what would expire until it is unfrozen', async () => {
  workspace = await server.workspace()
  await put('kept', 'one')
  await put('kept', 'two')
  const setStatus = (status: string) => owner('PATCH', `/v1/workspaces/${workspace.id}/status`, { status })
  await setStatus('frozen')
  await sweepIn(31)
  expect((await keys()).length).toBe(2)
  await setStatus('active')
  await sweepIn(32)
  expect((await keys()).length).toBe(1)
})

test('all the bytes of a workspace are removed, and those of its neighbour stay', async () => {
  const neighbour = await server.workspace()
  workspace = neighbour
  await put('neighbour', 'stays')
  workspace = await server.workspace()
  await put('a', '1')
  await put('a', '2')
  expect(await deleteWorkspaceObjects(objects(), workspace.id)).toBe(2)
  expect(await keys()).toEqual([])
  workspace = neighbour
  const [file] = (await owner('GET', filesPath())).list
  expect(hash('sha256', (await owner('GET', `${filesPath()}/${file!['id'] as string}/content`)).text, 'hex')).toBe(file!['checksum_sha256'])
})
