import { contract, type OperationId, routes } from '@freehold/contract'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from './support/actors.ts'
import { auditOf, findText, fingerprint, settle } from './support/database-inspect.ts'
import { createInputs, pathOf } from './support/inputs.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

let server: TestServer
let tenant: Tenant
let rival: Tenant

beforeAll(async () => {
  server = await startTestServer()
  tenant = await createTenant(server)
  rival = await createTenant(server)
})
afterAll(() => server.close())

const owner = () => server.as(tenant.owner)
const orgPath = (id = tenant.workspace.id, rest = '') => `/org-workspaces/${id}${rest}`
const change = (body: unknown, id?: string) => owner()('PATCH', orgPath(id), body)
const pointersOf = ({ json }: Answer) => ((json['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer)

async function create(body: Record<string, unknown> = {}, headers?: Record<string, string>): Promise<Answer> {
  const made = await owner()('POST', '/org-workspaces', { orgId: tenant.accountId, name: `Org ${tenant.canary}`, ...body }, headers)
  expectStatus(made, 201)
  return made
}

async function accessToken(id: string, body: Record<string, unknown>): Promise<string> {
  const made = await owner()('POST', orgPath(id, '/access-token'), body)
  expectStatus(made, 200)
  return made.json['token'] as string
}

const signed = (claims: Record<string, unknown>, kid: string, key: KeyObject | Uint8Array, alg: string) =>
  new SignJWT(claims).setProtectedHeader({ alg, kid }).setIssuedAt().setExpirationTime('5m').sign(key)

test('MB-01 what belongs to a workspace is refused with 403 on every route of the organization level, whatever it names', async () => {
  const { id } = tenant.workspace
  const tokens = [tenant.keys.admin.token, await accessToken(id, { isAdmin: true }), await accessToken(id, { tenantKey: 'kept-out' })]
  const inputs = createInputs(server, tenant)
  const rivalInputs = createInputs(server, rival)
  const ofOrganization = routes.filter(({ path }) => path.startsWith('/org-workspaces'))
  expect(ofOrganization).toHaveLength(8)
  for (const route of ofOrganization) {
    for (const sample of [await inputs.sample(route, tenant.owner), await rivalInputs.sample(route, rival.owner)]) {
      for (const token of tokens) {
        const refused = await server.call(route.method, pathOf(route, sample), { token, body: sample.body })
        expectStatus(refused, 403, route.operationId)
        expect(refused.json['permission']).toBe('user')
      }
    }
  }
})

test('MB-01 a personal token and a portal session are taken', async () => {
  const session = await server.session(tenant.owner)
  const cookie = { cookie: `freehold_session=${session.token}`, origin: server.url }
  expectStatus(await server.call('GET', orgPath(), { headers: cookie }), 200)
  expectStatus(await server.call('PATCH', orgPath(), { headers: cookie, body: { type: 'development' } }), 200)
  expectStatus(await owner()('GET', orgPath()), 200)
})

test('MB-02 a workspace of an organization is the same workspace, with a key and a secret that is shown once', async () => {
  const made = await create({ logoUri: 'https://logo.test/a.png' }, { 'x-request-id': 'mb-02' })
  const { id, key, secret } = made.json as { id: string; key: string; secret: string }
  expect(made.json).toMatchObject({
    orgId: tenant.accountId,
    name: `Org ${tenant.canary}`,
    logoUri: 'https://logo.test/a.png',
    region: 'local',
    status: 'provisioning',
    type: 'production',
    isReadOnly: false,
    limits: { environments: 20 },
    settings: { disableSecretKeyAuth: false },
    archivedAt: null,
  })
  expect(key).toMatch(/^wk_/)
  expect(secret.length).toBeGreaterThan(42)
  expect(made.headers.get('location')).toMatch(/^\/v1\/provisioning-runs\/[0-9a-f-]{36}$/)
  expectStatus(await owner()('GET', made.headers.get('location')!), 200)

  const same = await owner()('GET', `/v1/workspaces/${id}`)
  expect(same.json).toMatchObject({ id, account_id: tenant.accountId, slug: made.json['slug'], name: made.json['name'] })
  const read = await owner()('GET', orgPath(id))
  expect(read.json).toMatchObject({ id, key })
  expect(read.text).not.toContain(secret)
  expect(Object.keys(read.json)).not.toContain('secret')

  const events = await auditOf(server.superuser, 'mb-02')
  expect(events.map(({ action, chain_id }) => [action, chain_id])).toEqual([['workspace.create', id]])
  expect(await findText(server.superuser, secret)).toEqual([])
})

test('MB-02 it is configured, and tokens are made for it, before it is provisioned', async () => {
  const { id } = (await create()).json as { id: string }
  const configured = await change({ name: 'At once', limits: { environments: 7 }, settings: { theme: 'dark' } }, id)
  expectStatus(configured, 200)
  const token = await accessToken(id, { isAdmin: true })
  await waitForActive(id)
  expect((await owner()('GET', orgPath(id))).json).toMatchObject({ name: 'At once', limits: { environments: 7 }, status: 'active' })
  expectStatus(await server.call('GET', `/v1/workspaces/${id}`, { token }), 200)
})

test('MB-02 a repeated creation with one Idempotency-Key makes one workspace, and answers its secret again', async () => {
  const first = await create({}, { 'idempotency-key': 'one-org-workspace' })
  const again = await create({}, { 'idempotency-key': 'one-org-workspace' })
  expect(again.text).toBe(first.text)
  expect(again.headers.get('location')).toBe(first.headers.get('location'))
})

test('MB-02 a region that no instance serves is 400 and names those that there are', async () => {
  const refused = await owner()('POST', '/org-workspaces', { orgId: tenant.accountId, name: 'Far', region: 'moon' })
  expectStatus(refused, 400)
  expect([pointersOf(refused), refused.json['regions']]).toEqual([['/body/region'], ['local']])
})

test('MB-02 who may not administer the organization creates none; of a foreign one there is nothing', async () => {
  const member = await server.user()
  await server.relate(`account:${tenant.accountId}`, 'member', `user:${member.id}`)
  const body = { orgId: tenant.accountId, name: 'Not mine' }
  await settle(server.superuser)
  const before = await fingerprint(server.superuser)
  expect((await server.as(member)('POST', '/org-workspaces', body)).json).toMatchObject({ status: 403, permission: 'administer' })
  expectStatus(await server.as(rival.owner)('POST', '/org-workspaces', body), 404)
  expect(await fingerprint(server.superuser)).toEqual(before)
})

test('MB-02 the list holds an organization’s workspaces that the caller may read, newest first, in pages', async () => {
  const one = await createTenant(server)
  const asOne = server.as(one.owner)
  for (let count = 0; count < 4; count++) await server.workspace({ id: one.accountId, owner: one.owner })
  const whole = await asOne('GET', `/org-workspaces?orgId=${one.accountId}`)
  expectStatus(whole, 200)
  const ids = whole.list.map(({ id }) => id as string)
  expect(ids).toHaveLength(5)
  expect(ids).toEqual(ids.toSorted().reverse())
  expect(whole.list.at(-1)).toEqual((await asOne('GET', orgPath(one.workspace.id))).json)

  const paged: unknown[] = []
  for (let next: string | null = `/org-workspaces?orgId=${one.accountId}&limit=2`; next;) {
    const page: Answer = await asOne('GET', next)
    paged.push(...page.list.map(({ id }) => id))
    next = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1] ?? null
    if (next) expect(next).toContain(`orgId=${one.accountId}`)
  }
  expect(paged).toEqual(ids)

  const member = await server.user()
  await server.relate(`account:${one.accountId}`, 'member', `user:${member.id}`)
  expect((await server.as(member)('GET', `/org-workspaces?orgId=${one.accountId}`)).list).toEqual([])
  await server.relate(`workspace:${one.workspace.id}`, 'view', `user:${member.id}`)
  await server.relate(`workspace:${tenant.workspace.id}`, 'view', `user:${member.id}`)
  const granted = await server.as(member)('GET', `/org-workspaces?orgId=${one.accountId}`)
  expect(granted.list.map(({ id }) => id)).toEqual([one.workspace.id])
})

test('MB-02 a list without orgId is 400, of a foreign organization 404', async () => {
  expect(pointersOf(await owner()('GET', '/org-workspaces'))).toEqual(['/query/orgId'])
  expectStatus(await owner()('GET', `/org-workspaces?orgId=${rival.accountId}`), 404)
})

test('MB-03 every field is changed, read again, and kept in the audit as it was and is', async () => {
  const { id, key } = (await create()).json as { id: string; key: string }
  await waitForActive(id)
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const wanted = {
    name: 'Changed',
    logoUri: 'https://logo.test/b.svg',
    webhookUri: 'https://hooks.test/in?x=1',
    webhookEvents: ['workspace.archived', 'anything at all'],
    publicKeys: [{ kid: 'first', algorithm: 'ES256', key: pem }],
    jwksUri: 'http://localhost:9/jwks.json',
    settings: { theme: 'dark', key: 'under a name that secrets have', disableSecretKeyAuth: true },
    limits: { environments: 3, api_keys: 0 },
    type: 'development',
    isReadOnly: false,
  }
  const changed = await owner()('PATCH', orgPath(id), wanted, { 'x-request-id': 'mb-03' })
  expectStatus(changed, 200)
  expect(changed.json).toMatchObject({ id, key, orgId: tenant.accountId, ...wanted })
  expect((await owner()('GET', orgPath(id))).text).toBe(changed.text)
  expect((await owner()('GET', `/v1/workspaces/${id}`)).json).toMatchObject({ name: 'Changed' })

  const { rows } = await server.superuser.query("select before, after from hub.audit_event where request_id = 'mb-03'")
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    before: { name: `Org ${tenant.canary}`, publicKeys: [], settings: { disableSecretKeyAuth: false } },
    after: {
      name: 'Changed',
      publicKeys: [{ kid: 'first', algorithm: 'ES256' }],
      settings: { key: { withheld: true } },
      limits: { environments: 3 },
    },
  })

  const partly = await change({ logoUri: null, jwksUri: null, publicKeys: [], settings: { theme: 'light' } }, id)
  expect(partly.json).toMatchObject({
    name: 'Changed',
    logoUri: null,
    jwksUri: null,
    publicKeys: [],
    settings: { theme: 'light', disableSecretKeyAuth: false },
    limits: { environments: 3, api_keys: 0 },
  })
  const full = await owner()('POST', `/v1/workspaces/${id}/environments`, { slug: 'fourth' })
  expect(full.json).toMatchObject({ status: 402, limit: 'environments', allowed: 3 })
})

test('settings of any name can be kept under /v1/workspaces too', async () => {
  const { id } = tenant.workspace
  expectStatus(await owner()('PATCH', `/v1/workspaces/${id}`, { settings: { password: 'a word', nested: [{ token: 'x' }] } }), 200)
  expectStatus(await owner()('PATCH', `/v1/workspaces/${id}`, { settings: {} }), 200)
})

test('MB-03 key, secret and orgId never change', async () => {
  const before = (await owner()('GET', orgPath())).text
  for (const field of ['key', 'secret', 'orgId', 'id', 'slug', 'region', 'status']) {
    const refused = await change({ name: 'Mine', [field]: rival.accountId })
    expectStatus(refused, 400, field)
    expect(pointersOf(refused)).toEqual([`/body/${field}`])
  }
  expect((await owner()('GET', orgPath())).text).toBe(before)
})

test('MB-03 what does not fit is 400 with every fault, and changes nothing', async () => {
  const before = (await owner()('GET', orgPath())).text
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const publicKeys = [
    { kid: 'a', algorithm: 'RS256', key: secret },
    { kid: 'a', algorithm: 'ES256', key: pem },
  ]
  const refused = await change({ name: 'Faulty', publicKeys, limits: { environments: 21, no_such: 1, api_keys: 200 } })
  expectStatus(refused, 400)
  expect(pointersOf(refused).toSorted()).toEqual([
    '/body/limits/environments',
    '/body/limits/no_such',
    '/body/publicKeys/0/key',
    '/body/publicKeys/1/key',
    '/body/publicKeys/1/kid',
  ])
  expect(refused.json['detail']).toContain('must be at most 20')
  expect(refused.text).toContain('PRIVATE key')
  expect(refused.text).not.toContain(secret.split('\n')[1])
  for (const body of [
    { jwksUri: 'ftp://x.test/' },
    { webhookUri: 'javascript:alert(1)' },
    { logoUri: 'nothing' },
    { publicKeys: [{ kid: 'x' }] },
  ]) {
    expectStatus(await change(body), 400, JSON.stringify(body))
  }
  expect((await owner()('GET', orgPath())).text).toBe(before)
})

test('MB-03 who may read it but not administer it is told so; of a foreign one there is nothing', async () => {
  const editor = await server.member(tenant.workspace.id, 'edit')
  for (const { operationId, method, path } of routes.filter(({ path }) => path.startsWith('/org-workspaces/'))) {
    const at = (id: string) => path.replace(':workspace_id', id)
    const { body } = contract[operationId as OperationId] as { body?: unknown }
    const call = (actor: Actor, id: string) =>
      server.as(actor)(method, at(id), body === undefined ? undefined : operationId === 'updateOrgWorkspace' ? { name: 'X' } : {})
    expectStatus(await call(editor, tenant.workspace.id), method === 'GET' ? 200 : 403, operationId)
    expectStatus(await call(rival.owner, tenant.workspace.id), 404, operationId)
  }
})

test('MB-03 isReadOnly freezes and unfreezes, under both addresses the same; frozen, nothing else can be changed', async () => {
  const { id } = tenant.workspace
  const status = async () => (await owner()('GET', `/v1/workspaces/${id}`)).json['status']
  const frozen = await change({ isReadOnly: true, name: 'Frozen now' })
  expect(frozen.json).toMatchObject({ isReadOnly: true, status: 'frozen', name: 'Frozen now' })
  expectStatus(await owner()('POST', `/v1/workspaces/${id}/environments`, { slug: 'late' }), 423)
  expectStatus(await owner()('POST', orgPath(id, '/access-token'), {}), 423)
  expectStatus(await owner()('POST', orgPath(id, '/rotate-secret')), 423)
  for (const body of [{ name: 'Not now' }, { isReadOnly: false, name: 'Not now' }, { isReadOnly: true, publicKeys: [] }]) {
    const refused = await change(body)
    expect([refused.status, refused.json['code']]).toEqual([423, 'workspace_frozen'])
  }
  expectStatus(await change({ isReadOnly: true }), 200)
  expect(await status()).toBe('frozen')
  expect((await change({ isReadOnly: false })).json).toMatchObject({ isReadOnly: false, status: 'active', name: 'Frozen now' })
  expectStatus(await change({ isReadOnly: false }), 200)
  expect(await status()).toBe('active')

  expectStatus(await owner()('PATCH', `/v1/workspaces/${id}/status`, { status: 'frozen', reason: 'Unpaid' }), 200)
  expect((await owner()('GET', orgPath())).json['isReadOnly']).toBe(true)
  await change({ isReadOnly: false })
  expect((await owner()('GET', `/v1/workspaces/${id}`)).json).toMatchObject({ status: 'active', status_reason: null })
})

test('MB-03 only an active workspace can be frozen, and one that is going is not configured', async () => {
  const other = await server.workspace({ id: tenant.accountId, owner: tenant.owner })
  for (const status of ['provisioning', 'failed', 'deleted'] as const) {
    await server.setStatus(other, status)
    const refused = await change({ isReadOnly: true }, other.id)
    expect(refused.json).toMatchObject({ status: 409, code: 'invalid_state', workspace_status: status })
    expectStatus(await change({ name: 'Configured' }, other.id), status === 'deleted' ? 409 : 200, status)
  }
  await server.setStatus(other, 'offboarding')
  for (const body of [{ name: 'Late' }, { isReadOnly: false }]) expectStatus(await change(body, other.id), 423)
})

test('MB-05 a changed key, and disableSecretKeyAuth, hold for the next request', async () => {
  const { id, key, secret } = (await create()).json as { id: string; key: string; secret: string }
  await waitForActive(id)
  const read = async (token: string) => (await server.call('GET', `/v1/workspaces/${id}`, { token })).status
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const byKey = await signed({ workspaceKey: key, isAdmin: true }, 'mine', privateKey, 'RS256')
  const bySecret = await signed({ workspaceKey: key, isAdmin: true }, 'none', new TextEncoder().encode(secret), 'HS256')
  expect([await read(byKey), await read(bySecret)]).toEqual([401, 200])

  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  await change({ publicKeys: [{ kid: 'mine', algorithm: 'RS256', key: pem }], settings: { disableSecretKeyAuth: true } }, id)
  expect([await read(byKey), await read(bySecret)]).toEqual([200, 401])
  await change({ publicKeys: [{ kid: 'mine', algorithm: 'PS256', key: pem }], settings: {} }, id)
  expect([await read(byKey), await read(bySecret)]).toEqual([401, 200])
})

test('MB-04 a token for the workspace needs no body; what describes a tenant needs its key', async () => {
  const { id } = tenant.workspace
  const plain = await owner()('POST', orgPath(id, '/access-token'), undefined, { 'x-request-id': 'mb-04' })
  expectStatus(plain, 200)
  expect(Object.keys(plain.json)).toEqual(['token', 'expiresAt'])
  expect((await server.call('GET', '/v1/me', { token: plain.json['token'] as string })).json).toMatchObject({
    workspace_id: id,
    role: 'view',
  })
  const events = await auditOf(server.superuser, 'mb-04')
  expect(events.map(({ action, chain_id }) => [action, chain_id])).toEqual([['workspace_token.create', id]])
  const refused = await owner()('POST', orgPath(id, '/access-token'), { name: 'Of whom?', fields: {} })
  expect([refused.status, pointersOf(refused)]).toEqual([400, ['/body/name', '/body/fields']])
})

test('MB-06 the new secret signs at once and the old one no longer, or until its grace ends', async () => {
  const { id, key, secret } = (await create()).json as { id: string; key: string; secret: string }
  await waitForActive(id)
  const tokenOf = (by: string) => signed({ workspaceKey: key }, 'none', new TextEncoder().encode(by), 'HS512')
  const read = async (by: string) => (await server.call('GET', `/v1/workspaces/${id}`, { token: await tokenOf(by) })).status
  expect(await read(secret)).toBe(200)
  const rotated = await owner()('POST', orgPath(id, '/rotate-secret'), undefined, { 'x-request-id': 'mb-06' })
  expectStatus(rotated, 200)
  const second = rotated.json['secret'] as string
  expect([await read(secret), await read(second)]).toEqual([401, 200])
  const again = await owner()('POST', orgPath(id, '/rotate-secret'), { graceSeconds: 3600 })
  expect(again.json['previousExpiresAt']).toMatch(/Z$/)
  expect([await read(second), await read(again.json['secret'] as string)]).toEqual([200, 200])
  expect((await auditOf(server.superuser, 'mb-06')).map(({ action }) => action)).toEqual(['workspace.secret_rotate'])
  expect(await findText(server.superuser, second)).toEqual([])
})

test('MB-07 it is archived and restored as under /v1/workspaces, and is listed all the while', async () => {
  const { id } = tenant.workspace
  const archived = await owner()('POST', orgPath(id, '/archive'))
  expect(archived.json).toMatchObject({ id, status: 'archived', isReadOnly: false })
  expect(archived.json['archivedAt']).toMatch(/Z$/)
  expect((await owner()('GET', orgPath(id))).text).toBe(archived.text)
  const listed = await owner()('GET', `/org-workspaces?orgId=${tenant.accountId}&limit=1000`)
  expect(listed.list.find((item) => item['id'] === id)).toEqual(archived.json)
  expect((await owner()('GET', `/v1/workspaces/${id}`)).json['status']).toBe('archived')
  for (const [method, rest, body] of [
    ['PATCH', '', { isReadOnly: true }],
    ['POST', '/access-token', {}],
    ['POST', '/rotate-secret', {}],
    ['POST', '/archive', undefined],
  ] as const) {
    const refused = await owner()(method, orgPath(id, rest), body)
    expect([refused.status, refused.json['code']]).toEqual([423, 'workspace_archived'])
  }
  const restored = await owner()('POST', `/v1/workspaces/${id}/restore`)
  expect(restored.json['status']).toBe('active')
  expect((await owner()('GET', orgPath(id))).json).toMatchObject({ status: 'active', archivedAt: null })

  await change({ isReadOnly: true })
  expectStatus(await owner()('POST', `/v1/workspaces/${id}/archive`), 200)
  expect((await owner()('GET', orgPath(id))).json).toMatchObject({ status: 'archived', isReadOnly: true })
  expect((await owner()('POST', orgPath(id, '/restore'))).json).toMatchObject({ status: 'frozen', isReadOnly: true })
  await change({ isReadOnly: false })
})

test('of changes under both addresses that are based on one version, one wins', async () => {
  const paths = [orgPath(), `/v1/workspaces/${tenant.workspace.id}`]
  for (let round = 0; round < 6; round++) {
    const etags = await Promise.all(paths.map(async (path) => (await owner()('GET', path)).headers.get('etag')!))
    const answers = await Promise.all(
      [0, 1, 0, 1].map((at, index) => owner()('PATCH', paths[at]!, { name: `${round} ${index}` }, { 'if-match': etags[at]! })),
    )
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([200, 412, 412, 412])
  }
})

async function waitForActive(id: string): Promise<void> {
  await waitFor(
    async () => (await owner()('GET', orgPath(id))).json['status'],
    (status) => status === 'active',
  )
}
