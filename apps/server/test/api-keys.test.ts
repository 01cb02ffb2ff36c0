import { freePort } from '@freehold/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { auditOf } from './support/database-inspect.ts'
import { createKeyCalls, pointersOf } from './support/key-calls.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

const day = 86_400

let server: TestServer
let workspace: TestWorkspace
let other: TestWorkspace
let keys: ReturnType<typeof createKeyCalls>
beforeAll(async () => {
  server = await startTestServer()
  workspace = await server.workspace()
  other = await server.workspace()
  keys = createKeyCalls(server, workspace)
})
afterAll(() => server.close())

describe('PR-05 limits of a key', () => {
  test('PR-05 a key is stored with its limits, answers them, and leaves one event without the key', async () => {
    const limits = {
      scopes: ['agents:read', 'prompts:execute', 'sessions:*'],
      allowed_ips: ['192.0.2.0/24', '2001:db8::1'],
      environments: ['dev', 'staging'],
    }
    const body = {
      ...limits,
      allowed_origins: ['https://App.example.com:443', 'http://localhost:5173'],
      name: ' ci ',
      description: 'For CI',
    }
    const made = await server.as(workspace.owner)('POST', keys.path, body, { 'x-request-id': 'create-limited' })
    expectStatus(made, 201)
    const { key: secret, ...listed } = made.json
    expect(listed).toMatchObject({
      ...limits,
      allowed_origins: ['https://app.example.com', 'http://localhost:5173'],
      name: 'ci',
      description: 'For CI',
      role: 'edit',
      replaces: null,
      last_used_at: null,
      last_used_ip: null,
    })
    expect((await keys.read(listed['id'] as string)).json).toEqual(listed)
    expect((await server.as(workspace.owner)('GET', keys.path)).list).toContainEqual(listed)
    expect(await auditOf(server.superuser, 'create-limited')).toMatchObject([{ action: 'api_key.create', actor_id: workspace.owner.id }])
    const feed = await server.as(workspace.owner)('GET', `/v1/workspaces/${workspace.id}/audit?resource=${String(listed['id'])}`)
    expect(feed.list[0]).toMatchObject({ after: listed })
    expect(feed.text).not.toContain(secret)
  })

  test('PR-05 every fault of the limits is told at its place, and nothing is made', async () => {
    const refused = await keys.create({
      scopes: ['sessions:read', 'sessions:fly', '*'],
      allowed_ips: ['10.0.0.1/33', '192.0.2.0/24', '010.0.0.1'],
      allowed_origins: ['https://app.example.com/', 'https://*.example.com'],
      environments: ['prod', 'nowhere'],
    })
    expect([refused.status, refused.json['code']]).toEqual([400, 'invalid_request'])
    expect(pointersOf(refused)).toEqual([
      '/body/scopes/1',
      '/body/scopes/2',
      '/body/allowed_ips/0',
      '/body/allowed_ips/2',
      '/body/allowed_origins/0',
      '/body/allowed_origins/1',
      '/body/environments/1',
    ])
  })

  test("PR-05 another workspace's environment is none of this one", async () => {
    expectStatus(await server.as(other.owner)('POST', `/v1/workspaces/${other.id}/environments`, { slug: 'theirs' }), 201)
    expect(pointersOf(await keys.create({ environments: ['theirs'] }))).toEqual(['/body/environments/0'])
  })

  test('PR-05 a key with scopes does only what they name, whatever its role, and may always ask who it is', async () => {
    const limited = await keys.key({ role: 'admin', scopes: ['workspaces:read', 'audit:*'] })
    const call = server.as(limited)
    expect((await keys.me(limited)).json['scopes']).toEqual(['workspaces:read', 'audit:*'])
    for (const path of ['', '/audit', '/audit/verify']) expectStatus(await call('GET', `/v1/workspaces/${workspace.id}${path}`), 200)
    const refused: [string, string, unknown, string][] = [
      ['GET', `/v1/workspaces/${workspace.id}/environments`, undefined, 'environments:read'],
      ['PATCH', `/v1/workspaces/${workspace.id}`, { name: 'Renamed' }, 'workspaces:write'],
      ['PATCH', `/v1/workspaces/${workspace.id}/status`, { status: 'frozen' }, 'workspaces:write'],
      ['POST', keys.path, { name: 'more' }, 'api_keys:write'],
      ['GET', `/api/projects/${workspace.slug}/sessions`, undefined, 'sessions:read'],
      ['GET', '/v1/activity', undefined, 'activity:read'],
    ]
    for (const [method, path, body, scope] of refused) {
      const answer = await call(method, path, body)
      expect([path, answer.status, answer.json['code'], answer.json['scope']]).toEqual([path, 403, 'forbidden', scope])
    }
  })

  test('PR-05 scopes give nothing that the role does not', async () => {
    const limited = await keys.key({ role: 'view', scopes: ['workspaces:write'] })
    const answer = await server.as(limited)('PATCH', `/v1/workspaces/${workspace.id}`, { name: 'Renamed' })
    expect([answer.status, answer.json['permission']]).toEqual([403, 'administer'])
  })

  test('PR-05 a limited key is told the same of a foreign workspace as of none', async () => {
    const limited = await keys.key({ scopes: ['workspaces:read'], environments: ['dev'] })
    const [foreign, missing] = [other.id, '01900000-0000-7000-8000-00000000dead'].map((id) => `/v1/workspaces/${id}`)
    for (const path of ['', '/environments']) {
      const answers = [await server.as(limited)('GET', foreign + path), await server.as(limited)('GET', missing + path)]
      const [first, second] = answers.map(({ status, json }) => ({ status, ...json, request_id: '' }))
      expect(first).toEqual(second)
    }
  })

  test('PR-05 a key of addresses works from them only', async () => {
    const [here, elsewhere] = [await keys.key({ allowed_ips: ['127.0.0.0/8'] }), await keys.key({ allowed_ips: ['192.0.2.0/24', '::1'] })]
    expectStatus(await keys.me(here), 200)
    const refused = await keys.me(elsewhere)
    expect([refused.status, refused.json['code'], refused.json['permission']]).toEqual([403, 'forbidden', 'address'])
  })

  test('PR-05 behind a proxy the address is the one that the proxy has seen, not what the caller claims', async () => {
    const port = await freePort()
    const proxied = await startTestServer({ port, publicUrl: `http://127.0.0.1:${port}` }, server)
    try {
      const limited = await keys.key({ allowed_ips: ['198.51.100.7'] })
      const from = (forwarded: string) =>
        proxied
          .as(limited)('GET', '/v1/me', undefined, { 'x-forwarded-for': forwarded })
          .then(({ status }) => status)
      expect(await from('198.51.100.7')).toBe(200)
      expect(await from('203.0.113.9, 198.51.100.7')).toBe(200)
      expect(await from('198.51.100.7, 203.0.113.9')).toBe(403)
      expect(await from('')).toBe(403)
    } finally {
      await proxied.close()
    }
  })

  test('PR-05 nobody makes a key that is more than the key that asks', async () => {
    const limits = {
      scopes: ['api_keys:*', 'sessions:read'],
      allowed_ips: ['127.0.0.0/8', '192.0.2.0/24'],
      environments: ['dev', 'staging'],
    }
    const maker = await keys.key({ ...limits, role: 'admin', lifetime_seconds: day })
    const within = { lifetime_seconds: 3600, scopes: ['sessions:read'], allowed_ips: ['192.0.2.0/25'], environments: ['dev'] }
    await keys.key(within, maker)
    await keys.key({ ...within, ...limits, role: 'admin' }, maker)
    const wider = [
      { scopes: [] },
      { scopes: ['sessions:write'] },
      { scopes: ['sessions:*'] },
      { allowed_ips: [] },
      { allowed_ips: ['192.0.2.0/23'] },
      { allowed_ips: ['::/0'] },
      { environments: [] },
      { environments: ['dev', 'prod'] },
      { lifetime_seconds: 2 * day },
      { lifetime_seconds: null },
    ]
    for (const change of wider) {
      const answer = await keys.create({ ...within, ...change }, maker)
      expect([change, answer.status, answer.json['permission']]).toEqual([change, 403, 'manage_members'])
    }
    const wide = await keys.key({ role: 'admin' })
    const rotated = await keys.rotate(wide.id, {}, maker)
    expect([rotated.status, rotated.json['permission']]).toEqual([403, 'manage_members'])
  })
})

describe('PR-05 pages of other origins', () => {
  const origin = 'https://app.example.com'
  const corsOf = ({ headers }: Answer) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'))
  const readable = {
    'access-control-allow-origin': origin,
    'access-control-expose-headers':
      'link, next-cursor, etag, location, x-request-id, retry-after, content-disposition, content-range, tus-resumable, upload-expires, upload-length, upload-offset',
    vary: 'Origin',
  }

  test('PR-05 a key of origins works from them only, and their pages may read every answer', async () => {
    const limited = await keys.key({ allowed_origins: [origin] })
    const answers = [
      await keys.me(limited, { origin }),
      await server.as(limited)('GET', '/v1/workspaces/nonsense', undefined, { origin }),
      await server.as(limited)('GET', '/v1/workspaces/01900000-0000-7000-8000-00000000dead', undefined, { origin }),
      await server.as(limited)('GET', `/v1/workspaces/${workspace.id}/audit/events`, undefined, { origin }),
      await server.as(limited)('POST', keys.path, { name: 'more' }, { origin }),
      await server.as(limited)('POST', keys.path, '{', { origin }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 404, 200, 403, 400])
    for (const answer of answers) expect(corsOf(answer)).toEqual(readable)
    for (const headers of [{}, { origin: 'https://evil.example.com' }, { origin: 'null' }] as Record<string, string>[]) {
      const refused = await keys.me(limited, headers)
      expect([refused.status, refused.json['permission'], corsOf(refused)]).toEqual([403, 'origin', {}])
    }
  })

  test('PR-05 no other credential lets a page read anything', async () => {
    const session = await server.session(workspace.owner)
    const bare = await keys.key()
    const answers = [
      await keys.me(bare, { origin }),
      await keys.me(workspace.owner, { origin }),
      await server.call('GET', '/v1/me', { headers: { origin, cookie: `freehold_session=${session.token}` } }),
      await server.call('GET', '/v1/me', { headers: { origin } }),
      await server.call('GET', '/v1/setup', { headers: { origin } }),
      await server.call('GET', '/v1/me', {
        headers: { origin, cookie: `freehold_session=${(await keys.key({ allowed_origins: [origin] })).token}` },
      }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 401, 200, 200])
    for (const answer of answers) expect(corsOf(answer)).toEqual({})
  })

  test('PR-05 a browser may ask first, without a credential, and is never told to send cookies', async () => {
    const asking = { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' }
    for (const path of [`/v1/workspaces/${workspace.id}`, `/api/projects/${workspace.slug}/sessions`, '/v1/nothing']) {
      const answer = await server.call('OPTIONS', path, { headers: asking })
      expect([answer.status, answer.text]).toEqual([204, ''])
      expect(corsOf(answer)).toEqual({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers':
          'authorization, content-type, idempotency-key, if-match, if-none-match, range, x-checksum-sha256, x-request-id, tus-resumable, upload-checksum, upload-length, upload-metadata, upload-offset',
        'access-control-max-age': '600',
        vary: 'Origin',
      })
    }
    for (const path of ['/healthz', '/org-workspaces', '/']) {
      expect(corsOf(await server.call('OPTIONS', path, { headers: asking }))).toEqual({})
    }
  })
})

test('AM-04 a key tells when and from where it was last used, and null before', async () => {
  const used = await keys.key()
  expect((await keys.read(used.id)).json).toMatchObject({ last_used_at: null, last_used_ip: null })
  await keys.me(used)
  const { json } = await waitFor(
    () => keys.read(used.id),
    (answer) => answer.json['last_used_at'] !== null,
  )
  expect(json['last_used_ip']).toBe('127.0.0.1')
})

test('PR-05 a use that the limits refuse is no use', async () => {
  const [refused, used] = [await keys.key({ allowed_ips: ['192.0.2.1'] }), await keys.key()]
  expectStatus(await keys.me(refused), 403)
  await keys.me(used)
  await waitFor(
    () => keys.read(used.id),
    ({ json }) => json['last_used_at'] !== null,
  )
  expect((await keys.read(refused.id)).json['last_used_at']).toBeNull()
})

test('PR-05 the reference tells the scope of each route', async () => {
  const { paths } = (await server.call('GET', '/openapi.json')).json as { paths: Record<string, Record<string, Record<string, unknown>>> }
  expect(paths['/v1/workspaces/{workspace_id}/api-keys/{api_key_id}/rotate']!['post']!['x-scope']).toBe('api_keys:write')
  expect(paths['/v1/me']!['get']).not.toHaveProperty('x-scope')
})
