import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { findText } from './support/database-inspect.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

let server: TestServer
let second: TestServer
let workspace: TestWorkspace
beforeAll(async () => {
  server = await startTestServer()
  second = await startTestServer({}, server)
  workspace = await server.workspace()
})
afterAll(async () => {
  await second.close()
  await server.close()
})

const keysPath = () => `/v1/workspaces/${workspace.id}/api-keys`
const post = (path: string, key: string, body: unknown, on = server) =>
  on.as(workspace.owner)('POST', path, body, { 'idempotency-key': key })

test('the same key and body answer the same bytes again, on any process, with the secret that is shown once', async () => {
  const first = await post(keysPath(), 'same', { name: 'ci' })
  expect(first.status).toBe(201)
  expect(first.headers.get('idempotency-replayed')).toBe(null)
  for (const on of [server, second]) {
    const again = await post(keysPath(), 'same', { name: 'ci' }, on)
    expect([again.status, again.text]).toEqual([201, first.text])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  }
  const listed = await server.as(workspace.owner)('GET', keysPath())
  expect(listed.list.filter(({ name }) => name === 'ci')).toHaveLength(1)
  expect((await server.call('GET', '/v1/me', { token: first.json['key'] as string })).status).toBe(200)
})

test('the remembered answer is sealed: neither the API key nor the Idempotency-Key stands anywhere in the database', async () => {
  const made = await post(keysPath(), 'a-key-that-only-the-caller-knows', { name: 'sealed' })
  const key = made.json['key'] as string
  expect(await findText(server.superuser, key)).toEqual([])
  expect(await findText(server.superuser, key.split('_')[2]!)).toEqual([])
  expect(await findText(server.superuser, 'a-key-that-only-the-caller-knows')).toEqual([])
  // The search itself finds what is there.
  expect(await findText(server.superuser, made.json['prefix'] as string)).toContain('hub.credential')
})

test('another body, or another path, under the same key is 422 and does nothing', async () => {
  const other = await server.workspace({ id: workspace.accountId, owner: workspace.owner })
  expect((await post(keysPath(), 'once', { name: 'one' })).status).toBe(201)
  for (const [path, body] of [
    [keysPath(), { name: 'two' }],
    [`/v1/workspaces/${other.id}/api-keys`, { name: 'one' }],
  ] as const) {
    const reused = await post(path, 'once', body)
    expect([reused.status, reused.json['code']]).toEqual([422, 'idempotency_key_reused'])
  }
  expect((await server.as(workspace.owner)('GET', `/v1/workspaces/${other.id}/api-keys`)).list).toEqual([])
})

test("a key is the principal's own: somebody else under the same key makes a thing of their own", async () => {
  const admin = await server.member(workspace.id, 'admin')
  const mine = await post(keysPath(), 'shared', { name: 'mine' })
  const theirs = await server.as(admin)('POST', keysPath(), { name: 'theirs' }, { 'idempotency-key': 'shared' })
  expect([mine.status, theirs.status]).toEqual([201, 201])
  expect(theirs.json['id']).not.toBe(mine.json['id'])
})

test('20 parallel requests with one key on two processes make one workspace', async () => {
  const body = { account_id: workspace.accountId, name: 'Only one', region: 'local' }
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => post('/v1/workspaces', 'only-one', body, index % 2 ? server : second)),
  )
  const made = answers.filter(({ status }) => status === 202)
  const waiting = answers.filter(({ status }) => status !== 202)
  expect(made.length).toBeGreaterThan(0)
  expect(new Set(made.map(({ text }) => text)).size).toBe(1)
  expect(
    waiting.map(({ status, json }) => `${status} ${String(json['code'])}`).filter((answer) => answer !== '409 request_in_flight'),
  ).toEqual([])
  const again = await post('/v1/workspaces', 'only-one', body)
  expect([again.status, again.text, again.headers.get('location')]).toEqual([202, made[0]!.text, made[0]!.headers.get('location')])
  const { list } = await server.as(workspace.owner)('GET', '/v1/workspaces?q=Only%20one')
  expect(list).toHaveLength(1)
  await waitFor(
    () => server.as(workspace.owner)('GET', `/v1/workspaces/${String(again.json['workspace_id'])}`),
    ({ json }) => json['status'] === 'active',
  )
})

test('a replay is authorized anew', async () => {
  const admin = await server.member(workspace.id, 'admin')
  const create = () => server.as(admin)('POST', keysPath(), { name: 'while admin' }, { 'idempotency-key': 'anew' })
  expect((await create()).status).toBe(201)
  await server.unrelate(`workspace:${workspace.id}`, 'admin', `user:${admin.id}`)
  expect((await create()).status).toBe(404)
  await server.relate(`workspace:${workspace.id}`, 'view', `user:${admin.id}`)
  expect((await create()).status).toBe(403)
})

test('a refused request and a dry run leave the key free', async () => {
  expect((await post(keysPath(), 'free', { name: '' })).status).toBe(400)
  expect((await post(`${keysPath()}?dry_run=true`, 'free', { name: 'tried' })).status).toBe(201)
  expect((await post(keysPath(), 'free', { name: 'done' })).status).toBe(201)
})

test('a key that is no key is 400', async () => {
  for (const key of ['', 'a b', 'x'.repeat(256)]) {
    const answer = await post(keysPath(), key, { name: 'x' })
    expect([answer.status, (answer.json['errors'] as { pointer: string }[])[0]!.pointer]).toEqual([400, '/headers/Idempotency-Key'])
  }
})

test('an answer is remembered for a day and not longer', async () => {
  const first = await post(keysPath(), 'old', { name: 'old' })
  await server.superuser.query("update hub.idempotency set created_at = created_at - interval '24 hours 1 second'")
  const later = await post(keysPath(), 'old', { name: 'old' })
  expect(later.status).toBe(201)
  expect(later.json['id']).not.toBe(first.json['id'])
})
