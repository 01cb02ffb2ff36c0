import { type ServiceServer, startServiceServer } from '@freehold/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

const secret = 'canary-5f1c0d9e-of-a-secret-token'
let server: TestServer
let service: ServiceServer

beforeAll(async () => {
  service = await startServiceServer(secret)
  server = await startTestServer({ egressAllow: ['127.0.0.0/8'] })
})
afterEach(() => service.answerAll(null))
afterAll(async () => {
  await server.close()
  await service.close()
})

type Json = Record<string, unknown>
const pathOf = (workspace: TestWorkspace, rest = '') => `/v1/workspaces/${workspace.id}/credentials${rest}`
const call = (workspace: TestWorkspace) => server.as(workspace.owner)

async function create(workspace: TestWorkspace, body: Json): Promise<Json> {
  const made = await call(workspace)('POST', pathOf(workspace), body)
  expectStatus(made, 201)
  return made.json
}

async function check(workspace: TestWorkspace, id: unknown): Promise<Json> {
  const checked = await call(workspace)('POST', pathOf(workspace, `/${String(id)}/check`))
  expectStatus(checked, 200)
  return checked.json
}

const github = (name: string, more: Json = {}) => ({
  type: 'github',
  name,
  fields: { base_url: `${service.url}/github` },
  secrets: { token: secret },
  ...more,
})

test('PR-04 a credential is shown masked only, by every route; its type fills in what was left out', async () => {
  const workspace = await server.workspace()
  const made = await create(workspace, github('CI', { fields: {} }))
  const shown = { token: 'cana************oken' }
  expect(made).toMatchObject({
    type: 'github',
    fields: { base_url: 'https://api.github.com' },
    secrets: shown,
    needs_secret: false,
    version: 1,
  })
  const read = await call(workspace)('GET', pathOf(workspace, `/${String(made['id'])}`))
  const list = await call(workspace)('GET', pathOf(workspace, '?type=github'))
  const audit = await call(workspace)('GET', `/v1/workspaces/${workspace.id}/audit`)
  expect([read.json, list.list]).toEqual([made, [made]])
  expect((await call(workspace)('GET', pathOf(workspace, '?type=slack'))).list).toEqual([])
  for (const { text } of [read, list, audit]) expect(text).not.toContain(secret)
  expect(audit.text).toContain('credential.create')
})

test('PR-04 a short secret is all stars, whatever its length', async () => {
  const workspace = await server.workspace()
  for (const [index, token] of ['x', '123456789012345'].entries()) {
    expect((await create(workspace, github(`Short ${index}`, { secrets: { token } })))['secrets']).toEqual({ token: '************' })
  }
})

test('PR-04 a body is held against its type, and no fault repeats a secret', async () => {
  const workspace = await server.workspace()
  const postgres = { host: 'db.example.com', database: 'app', user: 'app' }
  const bad: [Json, string][] = [
    [{ type: 'no_such', name: 'x' }, '/body/type'],
    [{ type: 'github', name: 'x' }, '/body/secrets'],
    [{ type: 'github', name: 'x', secrets: {} }, '/body/secrets/token'],
    [github('x', { secrets: { token: `${secret} with spaces` } }), '/body/secrets/token'],
    [github('x', { fields: { base_url: 'ftp://example.com' } }), '/body/fields/base_url'],
    [github('x', { fields: { base_url: 'https://kim:pw@example.com' } }), '/body/fields/base_url'],
    [github('x', { fields: { token: secret } }), '/body/fields/token'],
    [{ type: 'postgresql', name: 'x', fields: { ...postgres, port: 70_000 }, secrets: { password: secret } }, '/body/fields/port'],
    [{ type: 'postgresql', name: 'x', fields: { ...postgres, host: 'a/b' }, secrets: { password: secret } }, '/body/fields/host'],
    [{ type: 'mysql', name: 'x', fields: { ...postgres, tls: 'maybe' }, secrets: { password: secret } }, '/body/fields/tls'],
  ]
  for (const [body, pointer] of bad) {
    const answer = await call(workspace)('POST', pathOf(workspace), body)
    expect([pointer, answer.status]).toEqual([pointer, 400])
    expect((answer.json['errors'] as { pointer: string }[]).map((error) => error.pointer)).toContain(pointer)
    expect(answer.text).not.toContain(secret)
  }
  const { id } = await create(workspace, github('Good'))
  for (const body of [
    { fields: { base_url: 'x' } },
    { fields: { host: 'x' } },
    { secrets: { password: 'x' } },
    { secrets: { token: null } },
    { type: 'slack' },
  ]) {
    expect((await call(workspace)('PATCH', pathOf(workspace, `/${String(id)}`), body)).status).toBe(400)
  }
})

test('PR-04 the first of a type is its default; another takes its place; of a deleted default none does', async () => {
  const workspace = await server.workspace()
  const defaults = async () =>
    (await call(workspace)('GET', pathOf(workspace))).list
      .filter((it) => it['is_default'])
      .map((it) => it['name'])
      .toSorted()
  const one = await create(workspace, github('One'))
  const two = await create(workspace, github('Two'))
  await create(workspace, { type: 'slack', name: 'Other', secrets: { token: secret } })
  expect(await defaults()).toEqual(['One', 'Other'])
  expectStatus(await call(workspace)('PATCH', pathOf(workspace, `/${String(two['id'])}`), { is_default: true }), 200)
  expect(await defaults()).toEqual(['Other', 'Two'])
  await create(workspace, github('Three', { is_default: true }))
  expect(await defaults()).toEqual(['Other', 'Three'])
  const racing = Array.from({ length: 8 }, (_, index) =>
    call(workspace)('PATCH', pathOf(workspace, `/${String([one, two][index % 2]!['id'])}`), { is_default: true }),
  )
  for (const answer of await Promise.all(racing)) expectStatus(answer, 200)
  expect(await defaults()).toHaveLength(2)
  const chosen = (await call(workspace)('GET', pathOf(workspace, '?type=github'))).list.find((it) => it['is_default'])!
  expectStatus(await call(workspace)('DELETE', pathOf(workspace, `/${String(chosen['id'])}`)), 204)
  expect(await defaults()).toEqual(['Other'])
})

test('PR-04 another address clears the secret, unless the same request brings it; TLS that is turned down does, too', async () => {
  const workspace = await server.workspace()
  const { id } = await create(workspace, github('Moving'))
  const patch = async (body: Json) => (await call(workspace)('PATCH', pathOf(workspace, `/${String(id)}`), body)).json
  expect(await patch({ name: 'Renamed', fields: { base_url: `${service.url}/github` } })).toMatchObject({ needs_secret: false })
  service.asked.length = 0
  expect(await patch({ fields: { base_url: `${service.url}/elsewhere` } })).toMatchObject({ needs_secret: true, secrets: { token: null } })
  expect(await check(workspace, id)).toMatchObject({ ok: false, message: 'The secret is missing.' })
  expect(service.asked).toEqual([])
  expect(await storedValues(String(id))).toEqual([])
  expect(await patch({ secrets: { token: secret }, fields: { base_url: `${service.url}/github` } })).toMatchObject({ needs_secret: false })
  expect(await check(workspace, id)).toMatchObject({ ok: true })
  expect((await call(workspace)('PATCH', pathOf(workspace, `/${String(id)}`), { secrets: { token: 'cana************oken' } })).status).toBe(
    400,
  )

  const fields = { host: 'db.example.com', database: 'app', user: 'app' }
  const database = await create(workspace, { type: 'postgresql', name: 'DB', fields, secrets: { password: secret } })
  const tlsOff = await call(workspace)('PATCH', pathOf(workspace, `/${String(database['id'])}`), { fields: { tls: 'off' } })
  expect(tlsOff.json).toMatchObject({ needs_secret: true, fields: { port: 5432, tls: 'off' } })
})

const services = (): [string, Json, Json][] => [
  ['anthropic', { base_url: `${service.url}/anthropic` }, { api_key: secret }],
  ['openai', { base_url: `${service.url}/openai/v1` }, { api_key: secret }],
  ['openai_compatible', { base_url: `${service.url}/openai/v1/` }, { api_key: secret }],
  ['google', { base_url: `${service.url}/google` }, { api_key: secret }],
  ['github', { base_url: `${service.url}/github` }, { token: secret }],
  ['gitlab', { base_url: `${service.url}/gitlab` }, { token: secret }],
  ['jira', { base_url: `${service.url}/jira`, email: 'kim@example.com' }, { api_token: secret }],
  ['jira', { base_url: `${service.url}/jira-server` }, { api_token: secret }],
  ['slack', { base_url: `${service.url}/slack` }, { token: secret }],
  ['http_basic', { base_url: `${service.url}/basic`, username: 'kim' }, { password: secret }],
  ['http_bearer', { base_url: `${service.url}/bearer`, check_path: '/health' }, { token: secret }],
]

test('PR-04 a check asks each service, and says in our own words what it answered', async () => {
  const workspace = await server.workspace()
  for (const [index, [type, fields, secrets]] of services().entries()) {
    const { id } = await create(workspace, { type, name: `${type} ${index}`, fields, secrets })
    const found = await check(workspace, id)
    expect([type, found]).toMatchObject([type, { ok: true }])
    expect((await call(workspace)('GET', pathOf(workspace, `/${String(id)}`))).json['last_check']).toEqual(found)

    const wrong = Object.fromEntries(Object.keys(secrets).map((name) => [name, 'wrong-canary-77aa-secret']))
    await call(workspace)('PATCH', pathOf(workspace, `/${String(id)}`), { secrets: wrong })
    const refused = await check(workspace, id)
    expect([type, refused]).toMatchObject([type, { ok: false, message: expect.stringMatching(/ refused the /) as unknown }])
    expect(JSON.stringify(refused)).not.toContain('canary')
  }
})

test('PR-04 a check tells limits, redirects, faults and strangers apart', async () => {
  const workspace = await server.workspace()
  const { id } = await create(workspace, github('Faults'))
  const faults: [Parameters<ServiceServer['answerAll']>[0], RegExp][] = [
    [{ status: 403 }, /forbids/],
    [{ status: 403, headers: { 'x-ratelimit-remaining': '0' } }, /no more requests/],
    [{ status: 429 }, /no more requests/],
    [{ status: 404 }, /nothing at the address/],
    [{ status: 302, headers: { location: 'http://169.254.169.254/' } }, /redirects are not followed/],
    [{ status: 503, body: 'canary' }, /fault of its own: it answered 503/],
    [{ status: 200, body: '<html>canary</html>' }, /not as GitHub does/],
  ]
  for (const [answer, words] of faults) {
    service.answerAll(answer)
    const found = await check(workspace, id)
    expect(found).toMatchObject({ ok: false, message: expect.stringMatching(words) as unknown })
    expect(JSON.stringify(found)).not.toContain('canary')
  }
})

test('PR-04 a check of S3 tells the key id, the secret, the permission and the bucket apart', async () => {
  const workspace = await server.workspace()
  const cases: [string, string, RegExp][] = [
    ['AKIAGOOD', 'backups', /can be listed/],
    ['AKIAWRONG', 'backups', /refused the secret access key/],
    ['AKIADENIED', 'backups', /may not list/],
    ['AKIAOTHER', 'backups', /does not know the access key id/],
    ['AKIAGOOD', 'nowhere', /no bucket nowhere/],
  ]
  for (const [keyId, bucket, words] of cases) {
    const fields = { endpoint: `${service.url}/s3`, bucket, access_key_id: keyId, path_style: true }
    const { id } = await create(workspace, { type: 's3', name: `${keyId} ${bucket}`, fields, secrets: { secret_access_key: secret } })
    expect((await check(workspace, id))['message']).toMatch(words)
  }
})

test('PR-04 a check reaches no private address that is not allowed, whatever the type', async () => {
  const workspace = await server.workspace()
  const inner = [
    github('Metadata', { fields: { base_url: 'http://169.254.169.254' } }),
    { type: 'postgresql', name: 'Inner PG', fields: { host: '10.0.0.1', database: 'a', user: 'a' }, secrets: { password: secret } },
    { type: 'mysql', name: 'Inner MY', fields: { host: '0xa9fea9fe', database: 'a', user: 'a' }, secrets: { password: secret } },
    {
      type: 's3',
      name: 'Inner S3',
      fields: { endpoint: 'http://[::1]:9', bucket: 'abc', access_key_id: 'A' },
      secrets: { secret_access_key: secret },
    },
  ]
  for (const body of inner) {
    const { id } = await create(workspace, body)
    expect([body.name, (await check(workspace, id))['message']]).toEqual([body.name, expect.stringMatching(/private address/)])
  }
  const closed = await create(workspace, github('Closed', { fields: { base_url: 'http://127.0.0.1:1' } }))
  expect((await check(workspace, closed['id']))['message']).toMatch(/refused the connection/)
})

test('PR-11 a credential is out of reach from another workspace, by each route, and what it seals opens nowhere else', async () => {
  const [mine, other] = [await server.workspace(), await server.workspace()]
  const [{ id }, twin] = [await create(mine, github('Mine')), await create(other, github('Theirs'))]
  for (const [method, rest, body] of [
    ['GET', '', undefined],
    ['PATCH', '', { name: 'x' }],
    ['DELETE', '', undefined],
    ['POST', '/check', undefined],
  ] as const) {
    expect((await call(other)(method, pathOf(other, `/${String(id)}${rest}`), body)).status).toBe(404)
  }
  // As somebody with the database in hand would: the ciphertext of one in the row of the other, the key version being the same.
  await recorded(
    'update instance.credential_value set sealed = (select sealed from instance.credential_value where credential_id = $1) where credential_id = $2',
    [id, twin['id']],
  )
  service.asked.length = 0
  expect((await call(other)('POST', pathOf(other, `/${String(twin['id'])}/check`))).status).toBe(500)
  expect(service.asked).toEqual([])
})

test('PR-04 the secret is nowhere in the database in clear', async () => {
  const { rows: tables } = await server.superuser.query<{ name: string }>(
    "select schemaname || '.' || quote_ident(tablename) as name from pg_tables where schemaname in ('hub', 'instance', 'jobs')",
  )
  for (const { name } of tables) {
    const { rows } = await server.superuser.query(
      `select 1 from ${name} as t where position($1 in t::text) > 0 or position($2 in t::text) > 0`,
      [secret, Buffer.from(secret).toString('hex')],
    )
    expect([name, rows.length]).toEqual([name, 0])
  }
})

test('PR-04 a name is used once, a limit is kept, and a key for one environment changes no other', async () => {
  const workspace = await server.workspace()
  await create(workspace, github('Same'))
  expect((await call(workspace)('POST', pathOf(workspace), github('SAME'))).json).toMatchObject({ status: 409, code: 'conflict' })
  expect((await call(workspace)('POST', pathOf(workspace), github('Else', { environment: 'nowhere' }))).status).toBe(404)
  const prod = await create(workspace, github('Prod', { environment: 'prod' }))
  const made = await call(workspace)('POST', `/v1/workspaces/${workspace.id}/api-keys`, {
    name: 'dev',
    role: 'admin',
    environments: ['dev'],
  })
  const key = { id: '', token: made.json['key'] as string }
  expect((await server.as(key)('GET', pathOf(workspace))).status).toBe(403)
  expect((await server.as(key)('GET', pathOf(workspace, '?environment=dev'))).list.map((it) => it['name'])).toEqual(['Same'])
  for (const [method, rest, body] of [
    ['GET', '', undefined],
    ['PATCH', '', { environment: 'dev' }],
    ['DELETE', '', undefined],
    ['POST', '/check', undefined],
  ] as const) {
    expect((await server.as(key)(method, pathOf(workspace, `/${String(prod['id'])}${rest}`), body)).status).toBe(403)
  }
  await recorded("update hub.workspace_limit set allowed = 2 where workspace_id = $1 and name = 'credentials'", [workspace.id])
  expect((await call(workspace)('POST', pathOf(workspace), github('Third'))).json).toMatchObject({
    status: 402,
    limit: 'credentials',
    allowed: 2,
    used: 2,
  })
})

test('PR-04 a dry run connects to nobody and stores nothing', async () => {
  const workspace = await server.workspace()
  const { id } = await create(workspace, github('Dry'))
  service.asked.length = 0
  expect((await call(workspace)('POST', pathOf(workspace, `/${String(id)}/check?dry_run=true`))).json).toMatchObject({ ok: false })
  expect(service.asked).toEqual([])
  expect((await call(workspace)('GET', pathOf(workspace, `/${String(id)}`))).json['last_check']).toBe(null)
})

async function storedValues(id: string): Promise<unknown[]> {
  return (await server.superuser.query('select field from instance.credential_value where credential_id = $1', [id])).rows
}

/** A change behind the API's back, which the guard of the audit lets pass. */
async function recorded(statement: string, values: unknown[]): Promise<void> {
  await server.superuser.query('begin')
  await server.superuser.query("select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  await server.superuser.query(statement, values)
  await server.superuser.query('commit')
}
