import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { createSigner, type Signer, whoIs } from './support/workspace-signer.ts'

let server: TestServer
let other: TestServer
beforeAll(async () => {
  server = await startTestServer()
  other = await startTestServer({}, server)
})
afterAll(async () => {
  await other.close()
  await server.close()
})

const newSigner = async () => createSigner(server, await server.workspace())
const pathOf = ({ workspace }: Signer, key?: string) =>
  `/v1/workspaces/${workspace.id}/tenants${key === undefined ? '' : `/${encodeURIComponent(key)}`}`
const owner = (signer: Signer) => server.as(signer.workspace.owner)
const tenantOf = async (signer: Signer, key: string) => (await owner(signer)('GET', pathOf(signer, key))).json
const statuses = async (token: string) => [(await whoIs(server, token)).status, (await whoIs(other, token)).status]
const longAgo = () => Math.floor(Date.now() / 1000) - 600

async function events(signer: Signer, like: string) {
  const { rows } = await server.superuser.query<{
    action: string
    actor_kind: string
    resource_id: string
    before: unknown
    after: unknown
  }>('select action, actor_kind, resource_id, before, after from hub.audit_event where chain_id = $1 and action like $2 order by id', [
    signer.workspace.id,
    like,
  ])
  return rows
}

test('MB-11 a tenant is made when a token first names it, once, however many name it at the same time', async () => {
  const signer = await newSigner()
  const claims = { tenantKey: 'acme', name: 'Acme Inc.', fields: { plan: 'gold', token: 'not for the audit' } }
  const tokens = await Promise.all(Array.from({ length: 8 }, (_, n) => signer.sign({ ...claims, n })))
  const answers = await Promise.all(tokens.map((token, n) => whoIs(n % 2 === 0 ? server : other, token)))
  const ids = new Set(answers.map(({ json }) => (json['tenant'] as { id: string }).id))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(ids.size).toBe(1)
  const [id] = ids
  expect(answers[0]!.json).toMatchObject({ kind: 'workspace_token', id, label: 'Acme Inc.', tenant: { id, key: 'acme' } })
  expect(await tenantOf(signer, 'acme')).toMatchObject({ id, key: 'acme', name: 'Acme Inc.', fields: claims.fields, status: 'active' })
  expect(await events(signer, 'tenant.%')).toMatchObject([
    { action: 'tenant.create', actor_kind: 'workspace_token', resource_id: id, after: { tenant_key: 'acme', fields: ['plan', 'token'] } },
  ])
})

test('MB-04 a minted token names a tenant too, who is there from then on', async () => {
  const signer = await newSigner()
  const token = await signer.issue({ tenantKey: 'minted', name: 'Minted', fields: { a: 1 } })
  expect(await tenantOf(signer, 'minted')).toMatchObject({ name: 'Minted', fields: { a: 1 } })
  expect((await whoIs(other, token)).json).toMatchObject({ label: 'Minted', tenant: { key: 'minted' }, role: 'view' })
})

test('MB-11 name and fields follow the token; a token that says nothing of them, or is older than the last change, leaves them', async () => {
  const signer = await newSigner()
  const seen = async (claims: Record<string, unknown>) => {
    expect((await whoIs(server, await signer.sign({ tenantKey: 't', ...claims }))).status).toBe(200)
    const { name, fields } = await tenantOf(signer, 't')
    return { name, fields }
  }
  expect(await seen({})).toEqual({ name: 't', fields: {} })
  expect(await seen({ name: 'One', fields: { a: { b: [1] } } })).toEqual({ name: 'One', fields: { a: { b: [1] } } })
  expect(await seen({})).toEqual({ name: 'One', fields: { a: { b: [1] } } })
  expect(await seen({ fields: { c: null } })).toEqual({ name: 'One', fields: { c: null } })
  expect((await owner(signer)('PATCH', pathOf(signer, 't'), { name: 'By hand' })).status).toBe(200)
  expect(await seen({ name: 'One', iat: longAgo() })).toEqual({ name: 'By hand', fields: { c: null } })
  const changes = await events(signer, 'tenant.update')
  expect(changes).toHaveLength(3)
})

test('MB-11 a tenant reaches nothing but what keeps it to its own: 403 elsewhere, 404 in another workspace', async () => {
  const [signer, rival] = [await newSigner(), await newSigner()]
  const token = await signer.sign({ tenantKey: 'acme', isAdmin: true })
  const call = (method: string, path: string, body?: unknown) => server.call(method, path, { token, ...(body !== undefined && { body }) })
  const inside = `/v1/workspaces/${signer.workspace.id}`
  expect((await call('GET', `${inside}/sessions`)).status).toBe(200)
  for (const path of [
    inside,
    `${inside}/tenants`,
    `${inside}/environments`,
    `${inside}/audit`,
    `${inside}/api-keys`,
    `${inside}/members`,
  ]) {
    expect([path, (await call('GET', path)).status]).toEqual([path, 403])
  }
  expect((await call('POST', `${inside}/api-keys`, { name: 'key' })).status).toBe(403)
  expect((await call('DELETE', `${inside}/tenants/acme`)).status).toBe(403)
  expect((await call('GET', '/v1/workspaces')).list).toEqual([])
  const outside = `/v1/workspaces/${rival.workspace.id}`
  for (const path of [outside, `${outside}/sessions`, `/api/projects/${rival.workspace.slug}/sessions`]) {
    expect([path, (await call('GET', path)).status]).toEqual([path, 404])
  }
})

test('MB-11 tokens of a disabled tenant stop at once on every process, whoever signed them, and start again', async () => {
  const signer = await newSigner()
  const [signed, minted] = [await signer.sign({ tenantKey: 'acme' }), await signer.issue({ tenantKey: 'acme' })]
  const [sibling, whole] = [await signer.sign({ tenantKey: 'sibling' }), await signer.sign()]
  const all = () => Promise.all([signed, minted, sibling, whole].map(statuses))
  expect(await all()).toEqual([
    [200, 200],
    [200, 200],
    [200, 200],
    [200, 200],
  ])
  const disabled = await owner(signer)('PATCH', pathOf(signer, 'acme'), { status: 'disabled' })
  expect(disabled).toMatchObject({ status: 200, json: { status: 'disabled', disabled_at: expect.any(String) as string } })
  expect(await all()).toEqual([
    [401, 401],
    [401, 401],
    [200, 200],
    [200, 200],
  ])
  const refused = await owner(signer)('POST', `/org-workspaces/${signer.workspace.id}/access-token`, { tenantKey: 'acme' })
  expect(refused).toMatchObject({ status: 409, json: { code: 'invalid_state' } })
  // A token cannot change what is disabled either.
  await whoIs(server, await signer.sign({ tenantKey: 'acme', name: 'Changed' }))
  expect(await tenantOf(signer, 'acme')).toMatchObject({ name: 'acme' })
  expect((await owner(signer)('PATCH', pathOf(signer, 'acme'), { status: 'active' })).json).toMatchObject({
    status: 'active',
    disabled_at: null,
  })
  expect(await all()).toEqual([
    [200, 200],
    [200, 200],
    [200, 200],
    [200, 200],
  ])
  expect(await events(signer, 'tenant.update')).toMatchObject([
    { before: { status: 'active' }, after: { status: 'disabled' } },
    { before: { status: 'disabled' }, after: { status: 'active' } },
  ])
})

test('MB-11 a deleted tenant is gone with its sessions; a token that names it later makes a new one', async () => {
  const signer = await newSigner()
  const token = await signer.sign({ tenantKey: 'acme', fields: {} })
  const before = (await whoIs(other, token)).json['tenant'] as { id: string }
  await addSession(signer, before.id)
  const whole = await addSession(signer, null)
  expect((await owner(signer)('DELETE', pathOf(signer, 'acme'))).status).toBe(204)
  expect((await owner(signer)('GET', pathOf(signer, 'acme'))).status).toBe(404)
  expect((await owner(signer)('GET', `/v1/workspaces/${signer.workspace.id}/sessions`)).list.map(({ id }) => id)).toEqual([whole])
  const after = (await whoIs(other, token)).json['tenant'] as { id: string }
  expect(after.id).not.toBe(before.id)
  expect(await events(signer, 'tenant.%')).toMatchObject([
    { action: 'tenant.create' },
    { action: 'tenant.delete' },
    { action: 'tenant.create' },
  ])
})

test('MB-11 tenants are listed newest first, by part of the name or key and by status, page by page', async () => {
  const signer = await newSigner()
  const keys = ['alpha', 'beta/ä?'.replace('ä', 'a'), 'gamma%', 'DELTA_1', 'epsilon']
  for (const key of keys) await signer.issue({ tenantKey: key, name: `Name of ${key}` })
  await owner(signer)('PATCH', pathOf(signer, 'beta/a?'), { status: 'disabled' })
  const list = async (query: string) => (await owner(signer)('GET', `${pathOf(signer)}?${query}`)).list.map(({ key }) => key)
  expect(await list('')).toEqual(keys.toReversed())
  expect(await list('q=eta')).toEqual(['beta/a?'])
  expect(await list('q=delta_')).toEqual(['DELTA_1'])
  expect(await list('q=%25')).toEqual(['gamma%'])
  expect(await list('q=name%20of%20e')).toEqual(['epsilon'])
  expect(await list('status=disabled')).toEqual(['beta/a?'])
  expect(await list('status=active')).toEqual(['epsilon', 'DELTA_1', 'gamma%', 'alpha'])
  const paged: unknown[] = []
  for (let next: string | null = `${pathOf(signer)}?limit=2`; next !== null;) {
    const page = await owner(signer)('GET', next)
    paged.push(...page.list.map(({ key }) => key))
    next = /<(?:https?:\/\/[^/]+)?([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? null
  }
  expect(paged).toEqual(keys.toReversed())
})

test.each(['a/b', 'ä?#%&'.replace('ä', '~'), '../..', 'x'.repeat(200), '0198F3C0-AAAA-7BBB-8CCC-DDDDDDDDDDDD', '"\'<>\\'])(
  'MB-11 the key %j is read, changed and deleted under its own name',
  async (key) => {
    const signer = await newSigner()
    await signer.issue({ tenantKey: key })
    expect(await tenantOf(signer, key)).toMatchObject({ key })
    expect((await owner(signer)('PATCH', pathOf(signer, key), { name: 'N' })).json).toMatchObject({ key, name: 'N' })
    expect((await owner(signer)('DELETE', pathOf(signer, key))).status).toBe(204)
  },
)

test('MB-11 changing a tenant takes an administrator of its own workspace, a known key and a valid change', async () => {
  const [signer, rival] = [await newSigner(), await newSigner()]
  await signer.issue({ tenantKey: 'acme' })
  const view = await server.member(signer.workspace.id, 'edit')
  for (const [method, body] of [
    ['PATCH', { name: 'N' }],
    ['DELETE', undefined],
  ] as const) {
    expect((await server.as(view)(method, pathOf(signer, 'acme'), body)).status).toBe(403)
    expect((await server.as(rival.workspace.owner)(method, pathOf(signer, 'acme'), body)).status).toBe(404)
    expect((await owner(rival)(method, pathOf(rival, 'acme'), body)).status).toBe(404)
    expect((await owner(signer)(method, pathOf(signer, 'unknown'), body)).status).toBe(404)
  }
  for (const body of [{}, { name: '' }, { status: 'gone' }, { key: 'x' }, { fields: [] }]) {
    expect((await owner(signer)('PATCH', pathOf(signer, 'acme'), body)).status).toBe(400)
  }
  expect((await owner(signer)('GET', pathOf(signer, 'zoë'))).status).toBe(400)
  expect(await events(signer, 'tenant.%')).toEqual([])
})

test('MB-07 in a frozen or archived workspace a token makes no tenant and changes none', async () => {
  const signer = await newSigner()
  const known = await signer.sign({ tenantKey: 'known' })
  expect(await statuses(known)).toEqual([200, 200])
  await signer.configure({ isReadOnly: true })
  expect(await statuses(known)).toEqual([200, 200])
  expect((await whoIs(server, await signer.sign({ tenantKey: 'known', name: 'Changed' }))).json).toMatchObject({ label: 'known' })
  const unknown = await signer.sign({ tenantKey: 'unknown' })
  expect((await whoIs(server, unknown)).json).toMatchObject({ status: 423, code: 'workspace_frozen' })
  await owner(signer)('POST', `/org-workspaces/${signer.workspace.id}/archive`)
  expect((await whoIs(server, unknown)).json).toMatchObject({ status: 423, code: 'workspace_archived' })
  expect((await events(signer, 'tenant.%')).map(({ action }) => action)).toEqual(['tenant.create'])
})

async function addSession(signer: Signer, tenantId: string | null): Promise<string> {
  const id = newId()
  const values = [signer.workspace.id, id, tenantId]
  await server.superuser.query('begin')
  await server.superuser.query("select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  await server.superuser.query(
    "insert into instance.session (workspace_id, id, tenant_id, name, phase, created_at) values ($1, $2, $3, 'session', 'running', now())",
    values,
  )
  await server.superuser.query('commit')
  return id
}

test('AM-05 sessions are listed at both addresses, by slug or id; a tenant sees its own, its sibling the other', async () => {
  const [signer, rival] = [await newSigner(), await newSigner()]
  const tokens = await Promise.all(['one', 'two', 'none'].map((tenantKey) => signer.sign({ tenantKey })))
  const [one, two] = await Promise.all(tokens.map(async (token) => ((await whoIs(server, token)).json['tenant'] as { id: string }).id))
  const ofOne = [await addSession(signer, one!), await addSession(signer, one!)]
  const ofTwo = [await addSession(signer, two!)]
  const ofAll = [await addSession(signer, null)]
  await addSession(rival, null)

  const { id, slug } = signer.workspace
  const key = await server.apiKey(signer.workspace, 'view')
  for (const path of [`/v1/workspaces/${id}/sessions`, `/api/projects/${slug}/sessions`, `/api/projects/${id}/sessions`]) {
    const list = async (token: string) => (await server.call('GET', path, { token })).list.map((session) => session['id'])
    expect(await list(tokens[0]!)).toEqual(ofOne.toReversed())
    expect(await list(tokens[1]!)).toEqual(ofTwo)
    expect(await list(tokens[2]!)).toEqual([])
    for (const token of [key.token, await signer.sign()]) expect(await list(token)).toEqual([...ofOne, ...ofTwo, ...ofAll].toReversed())
    const first = await server.call('GET', `${path}?limit=1`, { token: tokens[0]! })
    expect(first.list).toMatchObject([{ id: ofOne[1], workspace_id: id, tenant_id: one, phase: 'running' }])
    const cursor = new URL(/<([^>]+)>/.exec(first.headers.get('link')!)![1]!, server.url).searchParams.get('cursor')!
    expect((await server.call('GET', `${path}?cursor=${cursor}`, { token: tokens[0]! })).list.map((session) => session['id'])).toEqual([
      ofOne[0],
    ])
  }
  expect((await server.call('GET', `/api/projects/${slug}/sessions`)).status).toBe(401)
  expect((await server.as(rival.workspace.owner)('GET', `/api/projects/${slug}/sessions`)).status).toBe(404)
})
