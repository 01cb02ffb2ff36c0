import { newId } from '@freehold/kit'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor, TestWorkspace } from './support/actors.ts'
import { findText } from './support/database-inspect.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let workspace: TestWorkspace
let owner: Actor
let logged = ''
beforeAll(async () => {
  const log = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk)
      done()
    },
  })
  server = await startTestServer({}, undefined, pino({ level: 'trace' }, log))
  workspace = await server.workspace()
  owner = workspace.owner
})
afterAll(() => server.close())

type Options = { environment?: string; as?: Actor; headers?: Record<string, string>; of?: TestWorkspace; dryRun?: true; more?: string }

function call(method: string, rest: string, body?: unknown, options: Options = {}): Promise<Answer> {
  const { environment, as = owner, headers, of = workspace, dryRun, more = '' } = options
  const query = [environment && `environment=${environment}`, dryRun && 'dry_run=true', more].filter(Boolean).join('&')
  return server.as(as)(method, `/v1/workspaces/${of.id}/secrets${rest}${query && `?${query}`}`, body, headers)
}
const put = async (key: string, body: unknown, options: Options = {}) => {
  const answer = await call('PUT', `/${key}`, body, options)
  expectStatus(answer, 200, key)
  return answer.json
}
const reveal = (key: string, options: Options = {}) => call('GET', `/${key}`, undefined, options)
const valueOf = async (key: string, options: Options = {}) => (await reveal(key, options)).json['value']
const resolve = (options: Options = {}) => call('GET', '/resolve', undefined, options)
const listed = async (key: string, options: Options = {}) =>
  (await call('GET', '', undefined, { ...options, more: `limit=1000&q=${key}` })).list.find((secret) => secret['key'] === key)
const events = async (resource: string) =>
  (await server.as(owner)('GET', `/v1/workspaces/${workspace.id}/audit?limit=1000`)).list.filter(
    (event) => (event['resource'] as { label: string }).label === resource,
  )

test('GF-18 a secret is written, listed and read; only the reveal says its value, and each leaves an event', async () => {
  const made = await put('DATABASE_URL', { value: 'postgres://hunter2', description: 'Main', category: 'integration' })
  expect(made).toMatchObject({ key: 'DATABASE_URL', environment: null, category: 'integration', version: 1, updated_by: owner.id })
  expect(JSON.stringify([made, (await call('GET', '')).list, (await call('GET', '/DATABASE_URL/metadata')).json])).not.toContain('hunter2')
  for (let count = 0; count < 2; count++) {
    const shown = await reveal('DATABASE_URL')
    expect(shown.json).toMatchObject({ value: 'postgres://hunter2', version: 1, environment: null, previous: null })
    // A hash of what can be guessed would tell it.
    expect([shown.headers.get('etag'), shown.headers.get('cache-control')]).toEqual([null, 'no-store'])
  }
  const told = await events('DATABASE_URL')
  expect(told.map(({ action }) => action)).toEqual(['secret.reveal', 'secret.reveal', 'secret.put'])
  expect(await listed('DATABASE_URL')).toMatchObject({ last_read_by: { kind: 'user', id: owner.id }, last_read_at: expect.any(String) })
  expect((await call('GET', '', undefined, { more: 'category=runner' })).list).toEqual([])
})

test('GF-18 who may read sees no value, and who may write without being let reveal is told no value', async () => {
  await put('ROLES', { value: 'hunter2' })
  const [viewer, editor, admin] = [
    await server.member(workspace.id, 'view'),
    await server.member(workspace.id, 'edit'),
    await server.member(workspace.id, 'admin'),
  ]
  for (const as of [viewer, editor]) {
    expect((await call('GET', '/ROLES/metadata', undefined, { as })).status).toBe(200)
    for (const [method, path, body] of [
      ['GET', '/ROLES', undefined],
      ['GET', '/resolve', undefined],
      ['PUT', '/ROLES', { value: 'x' }],
      ['DELETE', '/ROLES', undefined],
    ] as const)
      expect([method, path, (await call(method, path, body, { as })).status]).toEqual([method, path, 403])
  }
  expect(await valueOf('ROLES', { as: admin })).toBe('hunter2')
  expect((await listed('ROLES'))!['last_read_by']).toMatchObject({ id: admin.id })
})

test('an environment sees its own value or else the shared one, and loses only its own', async () => {
  await put('LAYERED', { value: 'shared' })
  expect(await valueOf('LAYERED', { environment: 'staging' })).toBe('shared')
  await put('LAYERED', { value: 'own' }, { environment: 'staging' })
  expect(await valueOf('LAYERED', { environment: 'staging' })).toBe('own')
  expect([await valueOf('LAYERED'), await valueOf('LAYERED', { environment: 'prod' })]).toEqual(['shared', 'shared'])
  expect([(await listed('LAYERED'))!['environment'], (await listed('LAYERED', { environment: 'staging' }))!['environment']]).toEqual([
    null,
    'staging',
  ])
  expect((await call('DELETE', '/LAYERED', undefined, { environment: 'prod' })).status).toBe(404)
  expect((await call('DELETE', '/LAYERED', undefined, { environment: 'staging' })).status).toBe(204)
  expect(await valueOf('LAYERED', { environment: 'staging' })).toBe('shared')
  for (const path of ['', '/LAYERED', '/resolve']) expect((await call('GET', path, undefined, { environment: 'nowhere' })).status).toBe(404)
  expect((await call('PUT', '/LAYERED', { value: 'x' }, { environment: 'nowhere' })).status).toBe(404)
})

test('the same value makes no new version, whatever else changes; a value is needed only at first', async () => {
  expect(await call('PUT', '/SAME', { description: 'x' })).toMatchObject({ status: 400, json: { errors: [{ pointer: '/body/value' }] } })
  const first = await put('SAME', { value: 'a' })
  expect(await put('SAME', { value: 'a' })).toEqual(first)
  expect(await put('SAME', { value: 'a', description: 'What for' })).toMatchObject({ version: 1, description: 'What for' })
  expect(await put('SAME', { category: 'runner' })).toMatchObject({ version: 1, description: 'What for', category: 'runner' })
  expect(await put('SAME', { value: 'b' })).toMatchObject({ version: 2 })
  expect(await put('SAME', { value: '' })).toMatchObject({ version: 3 })
  expect(await valueOf('SAME')).toBe('')
})

test('GF-18 If-Match needs no reveal, and a reveal moves no ETag', async () => {
  await put('MATCHED', { value: 'a' })
  const etag = (await call('GET', '/MATCHED/metadata')).headers.get('etag')!
  await reveal('MATCHED')
  expect((await call('PUT', '/MATCHED', { value: 'b' }, { headers: { 'if-match': etag } })).status).toBe(200)
  expect((await call('PUT', '/MATCHED', { value: 'c' }, { headers: { 'if-match': etag } })).status).toBe(412)
  expect((await call('POST', '/MATCHED/rollback', { version: 1 }, { headers: { 'if-match': etag } })).status).toBe(412)
  expect((await call('DELETE', '/MATCHED', undefined, { headers: { 'if-match': etag } })).status).toBe(412)
  expect(await valueOf('MATCHED')).toBe('b')
  expect((await events('MATCHED')).map(({ action }) => action).filter((action) => action === 'secret.reveal')).toHaveLength(2)
})

test('versions are kept to a hundred, and a rollback is a new version', async () => {
  for (let version = 1; version <= 103; version++) await put('MANY', { value: `value ${version}` })
  const { list } = await call('GET', '/MANY/versions', undefined, { more: 'limit=1000' })
  expect(list.map(({ version }) => version)).toEqual(Array.from({ length: 100 }, (_, at) => 103 - at))
  expect(list.filter(({ current }) => current)).toMatchObject([{ version: 103, created_by: owner.id }])
  expect((await call('POST', '/MANY/rollback', { version: 3 })).status).toBe(404)
  expect((await call('POST', '/MANY/rollback', { version: 103 })).status).toBe(409)
  expect((await call('POST', '/MANY/rollback', { version: 4 })).json).toMatchObject({ version: 104 })
  expect(await valueOf('MANY')).toBe('value 4')
})

test('a value before stays valid for a time, or until the first use of the new one', async () => {
  await put('OVERLAP', { value: 'one' })
  const timed = await put('OVERLAP', { value: 'two', previous_valid_seconds: 3600 })
  const until = (timed['previous'] as { valid_until: string }).valid_until
  expect((await reveal('OVERLAP')).json).toMatchObject({ value: 'two', previous: { value: 'one', version: 1, valid_until: until } })
  // The same request once more, as after a lost answer, ends nothing and begins nothing anew.
  expect(await put('OVERLAP', { value: 'two', previous_valid_seconds: 60 })).toMatchObject({ previous: { valid_until: until } })
  expect(((await resolve()).json['previous'] as Record<string, unknown>)['OVERLAP']).toEqual({ value: 'one', valid_until: until })
  await server.superuser.query("begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  await server.superuser.query("update instance.secret set previous_until = now() - interval '1 second' where key = 'OVERLAP'; commit")
  expect((await reveal('OVERLAP')).json).toMatchObject({ previous: null })

  expect(await put('OVERLAP', { value: 'three', previous_until: 'first_use' })).toMatchObject({
    previous: { version: 2, valid_until: null },
  })
  const first = (await reveal('OVERLAP')).json['previous'] as { value: string; valid_until: string }
  expect([first.value, Date.parse(first.valid_until) <= Date.now()]).toEqual(['two', true])
  expect((await reveal('OVERLAP')).json['previous']).toBe(null)

  await put('OVERLAP', { value: 'four', previous_until: 'first_use', previous_valid_seconds: 600 })
  expect((await listed('OVERLAP'))!['previous']).toEqual({ version: 3, valid_until: null })
  await resolve()
  const begun = (await listed('OVERLAP'))!['previous'] as { valid_until: string }
  expect(Math.abs(Date.parse(begun.valid_until) - Date.now() - 600_000)).toBeLessThan(60_000)
  expect((await reveal('OVERLAP')).json['previous']).toEqual({ value: 'three', version: 3, valid_until: begun.valid_until })
  await put('OVERLAP', { value: 'five' })
  expect((await reveal('OVERLAP')).json['previous']).toBe(null)
  expect((await call('PUT', '/OVERLAP', { previous_valid_seconds: 60 })).status).toBe(400)
})

test('GF-18 resolve answers all values with references replaced, in one event that names each key', async () => {
  const other = await server.workspace({ id: workspace.accountId, owner })
  const of = { of: other }
  await put('USER', { value: 'kim' }, of)
  await put('URL', { value: 'https://${USER}:${PASS}@x/$${USER}' }, of)
  await put('PASS', { value: 'hunter2' }, of)
  await put('PASS', { value: 'correct horse' }, { ...of, environment: 'staging' })
  const shared = await resolve(of)
  expect(shared.json).toEqual({
    environment: null,
    values: { PASS: 'hunter2', URL: 'https://kim:hunter2@x/${USER}', USER: 'kim' },
    previous: {},
  })
  expect((await resolve({ ...of, environment: 'staging' })).json['values']).toMatchObject({ URL: 'https://kim:correct horse@x/${USER}' })
  expect(await valueOf('URL', of)).toBe('https://${USER}:${PASS}@x/$${USER}')
  const feed = await server.as(owner)('GET', `/v1/workspaces/${other.id}/audit?limit=1000`)
  expect(feed.list.filter(({ action }) => action === 'secret.resolve')).toMatchObject([
    { resource: { kind: 'environment', label: 'staging' }, after: { secrets: ['PASS', 'URL', 'USER'] } },
    { resource: { label: 'shared' }, after: { secrets: ['PASS', 'URL', 'USER'] } },
  ])
  expect((await listed('USER', of))!['last_read_by']).toMatchObject({ id: owner.id })

  await put('USER', { value: 'hunter3 ${URL} ${GONE}' }, of)
  const refused = await resolve(of)
  expect([refused.status, refused.json['code']]).toEqual([409, 'conflict'])
  expect((refused.json['keys'] as string[]).toSorted()).toEqual(['GONE', 'URL', 'USER'])
  expect(refused.text).not.toMatch(/hunter/)
})

test('GF-18 a ciphertext opens in its own workspace, environment, key and version alone', async () => {
  const other = await server.workspace({ id: workspace.accountId, owner })
  await put('VICTIM', { value: 'stolen value' })
  await put('THIEF', { value: 'mine' })
  await put('THIEF', { value: 'mine too' })
  await put('VICTIM', { value: 'of staging' }, { environment: 'staging' })
  await put('VICTIM', { value: 'of another workspace' }, { of: other })
  const move = async (from: string, to: string) => {
    await server.superuser.query("begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
    const text = `update instance.secret_version t set sealed = f.sealed from instance.secret_version f where ${from} and ${to}; commit`
    await server.superuser.query(text)
  }
  const at = (row: string, key: string, { id = workspace.id, environment = '', version = 1 } = {}) =>
    `${row}.workspace_id = '${id}' and ${row}.environment = '${environment}' and ${row}.key = '${key}' and ${row}.version = ${version}`
  const moves: [string, string, Options & { key: string }][] = [
    [at('f', 'VICTIM'), at('t', 'THIEF', { version: 2 }), { key: 'THIEF' }], // another key
    [at('f', 'THIEF', { version: 1 }), at('t', 'THIEF', { version: 3 }), { key: 'THIEF' }], // an older version
    [at('f', 'VICTIM'), at('t', 'VICTIM', { environment: 'staging' }), { key: 'VICTIM', environment: 'staging' }],
    [at('f', 'VICTIM'), at('t', 'VICTIM', { id: other.id }), { key: 'VICTIM', of: other }],
  ]
  for (const [from, to, { key, ...options }] of moves) {
    await move(from, to)
    for (const answer of [await reveal(key, options), await resolve(options)]) {
      expect([answer.status, answer.json['code']]).toEqual([409, 'invalid_state'])
      expect(answer.json['keys']).toEqual([key])
      expect(answer.text).not.toMatch(/stolen|mine|GCM|authenticate/)
    }
    await put(key, { value: 'written anew' }, options)
    expect(await valueOf(key, options)).toBe('written anew')
  }
})

test('import: all or nothing, every refused key is listed, and a dry run tells what would change', async () => {
  await put('KEPT', { value: 'a' })
  await put('CHANGED', { value: 'a' })
  const dotenv = '# a file\nKEPT=a\nCHANGED="b c"\nexport NEW_ONE=\'x\'\n'
  const would = { created: ['NEW_ONE'], updated: ['CHANGED'], unchanged: ['KEPT'] }
  expect((await call('POST', '/import', { dotenv }, { dryRun: true })).json).toEqual(would)
  expect((await reveal('NEW_ONE')).status).toBe(404)
  expect((await call('POST', '/import', { dotenv, category: 'runner' })).json).toEqual(would)
  expect([await valueOf('CHANGED'), await valueOf('NEW_ONE')]).toEqual(['b c', 'x'])
  expect([(await listed('NEW_ONE'))!['category'], (await listed('CHANGED'))!['category']]).toEqual(['runner', 'custom'])

  const bad = await call('POST', '/import', {
    secrets: { 'BAD-KEY': 'hunter2', '1ST': 'hunter2', NUMBER: 5, resolve: 'hunter2', LONG: 'ü'.repeat(32_769), GOOD: 'hunter2' },
  })
  expect(bad.status).toBe(400)
  const pointers = (bad.json['errors'] as { pointer: string }[]).map(({ pointer }) => pointer.split('/').at(-1))
  expect(new Set(pointers)).toEqual(new Set(['1ST', 'BAD-KEY', 'LONG', 'NUMBER', 'resolve']))
  const lines = await call('POST', '/import', { dotenv: 'GOOD=1\nBAD-KEY=hunter2\nhunter2\nGOOD=2' })
  expect((lines.json['errors'] as { message: string }[]).map(({ message }) => message)).toEqual([
    expect.stringContaining('line 3 is no assignment'),
    expect.stringContaining('line 2 `BAD-KEY` is no key'),
    expect.stringContaining('line 4 `GOOD` is there twice'),
  ])
  expect(bad.text + lines.text).not.toContain('hunter2')
  expect((await reveal('GOOD')).status).toBe(404)
  for (const body of [{ category: 'custom' }, { dotenv: 'A=1', secrets: { A: '1' } }])
    expect((await call('POST', '/import', body)).status).toBe(400)
})

test('keys that are words of the paths: `import`, `versions` and `metadata` are keys as any other, `resolve` is refused', async () => {
  for (const key of ['import', 'versions', 'metadata', 'RESOLVE', '__proto__', 'constructor']) {
    await put(key, { value: `of ${key}` })
    expect([key, await valueOf(key)]).toEqual([key, `of ${key}`])
  }
  expect(((await resolve({ environment: 'dev' })).json['values'] as Record<string, string>)['constructor']).toBe('of constructor')
  const refused = await call('PUT', '/resolve', { value: 'x' })
  expect([refused.status, (refused.json['errors'] as { pointer: string }[])[0]!.pointer]).toEqual([400, '/params/key'])
})

test('values are bounded in bytes, and keys are names of environment variables', async () => {
  await put('LARGEST', { value: 'ü'.repeat(32_768) })
  const large = await call('PUT', '/LARGEST', { value: `${'ü'.repeat(32_768)}x` })
  expect([large.status, (large.json['errors'] as { pointer: string }[])[0]!.pointer]).toEqual([400, '/body/value'])
  for (const key of ['1A', 'A-B', 'a.b', 'ü', `A${'x'.repeat(128)}`, 'A%0A'])
    expect((await call('PUT', `/${encodeURIComponent(key)}`, { value: 'x' })).status).toBe(400)
})

test('a managed secret is read as any other and changed by nobody', async () => {
  await put('MANAGED', { value: 'platform' })
  await server.superuser.query("begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  await server.superuser.query("update instance.secret set managed = true where key = 'MANAGED'; commit")
  expect((await reveal('MANAGED')).json).toMatchObject({ value: 'platform', managed: true })
  const changes = [
    await call('PUT', '/MANAGED', { value: 'mine' }),
    await call('PUT', '/MANAGED', { description: 'mine' }),
    await call('DELETE', '/MANAGED'),
    await call('POST', '/MANAGED/rollback', { version: 1 }),
  ]
  expect(changes.map(({ status, json }) => [status, json['code'], json['managed']])).toEqual(changes.map(() => [403, 'forbidden', true]))
  expect((await call('POST', '/import', { dotenv: 'MANAGED=mine\nBESIDE=1' })).status).toBe(400)
  expect([await valueOf('MANAGED'), (await reveal('BESIDE')).status]).toEqual(['platform', 404])
})

test('GF-10 a frozen workspace answers reveals and takes no writes; a limit holds for single secrets and for imports', async () => {
  const other = await server.workspace({ id: workspace.accountId, owner })
  const of = { of: other }
  await put('COLD', { value: 'x' }, of)
  await server.as(owner)('PATCH', `/v1/workspaces/${other.id}/status`, { status: 'frozen' })
  expect([(await reveal('COLD', of)).status, (await resolve(of)).status]).toEqual([200, 200])
  expect((await call('PUT', '/COLD', { value: 'y' }, of)).status).toBe(423)
  await server.as(owner)('PATCH', `/v1/workspaces/${other.id}/status`, { status: 'active' })

  await server.setLimits(other, 2)
  expect((await call('POST', '/import', { dotenv: 'A=1\nB=1' }, of)).json).toMatchObject({ code: 'limit_reached', allowed: 2, used: 1 })
  const race = await Promise.all(Array.from({ length: 6 }, (_, at) => call('PUT', `/RACE_${at}`, { value: 'x' }, of)))
  expect(race.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(race.filter(({ status }) => status === 402)).toHaveLength(5)
  expect((await call('PUT', '/COLD', { value: 'changed' }, of)).status).toBe(200)
})

test('writers and readers of one secret at once: every version once, every reveal one whole value', async () => {
  await put('BUSY', { value: 'start' })
  const writes = Array.from({ length: 20 }, (_, at) => put('BUSY', { value: `v${at}`, previous_valid_seconds: 60 }))
  const reads = Array.from({ length: 40 }, () => reveal('BUSY'))
  const bulk = Array.from({ length: 10 }, () => resolve({ environment: 'dev' }))
  const versions = (await Promise.all(writes)).map(({ version }) => version as number)
  expect(versions.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 20 }, (_, at) => at + 2))
  for (const answer of await Promise.all([...reads, ...bulk])) expectStatus(answer, 200)
})

test('GF-18 no value stands in the database, the audit, the logs or a refusal', async () => {
  const canary = `canary-${newId()}`
  await put('CANARY', { value: canary, description: 'x' })
  await reveal('CANARY')
  await resolve({ environment: 'dev' })
  await call('POST', '/import', { secrets: { CANARY_TOO: canary } }, { headers: { 'idempotency-key': newId() } })
  const refusals = [
    await call('PUT', '/CANARY', { value: { nested: canary } }),
    await call('PUT', '/CANARY', { value: `${canary}${'x'.repeat(65_536)}` }),
    await call('PUT', '/CANARY', { value: canary, category: canary }),
    await call('PUT', '/resolve', { value: canary }),
    await call('POST', '/import', { dotenv: `A-B=${canary}\n${canary}\nX='${canary}` }),
  ]
  expect(refusals.map(({ status, text }) => [status, text.includes(canary)])).toEqual(refusals.map(() => [400, false]))
  const forms = [canary, Buffer.from(canary).toString('base64').slice(0, 40), Buffer.from(canary).toString('hex')]
  for (const form of forms) {
    expect(await findText(server.superuser, form)).toEqual([])
    expect(logged.includes(form)).toBe(false)
  }
  expect(logged).toContain('invalid_request')
})
