import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { createSigner, hourFrom, type Signer, whoIs } from './support/workspace-signer.ts'

let server: TestServer
let other: TestServer
let signer: Signer
let rival: Signer
const now = () => Math.floor(Date.now() / 1000)

beforeAll(async () => {
  server = await startTestServer()
  other = await startTestServer({}, server)
  signer = await createSigner(server, await server.workspace())
  rival = await createSigner(server, await server.workspace())
})
afterAll(async () => {
  await other.close()
  await server.close()
})

const statusOf = async (token: string, on = server) => (await whoIs(on, token)).status

test('MB-04 a minted token reaches its workspace alone, and says whose it is', async () => {
  const token = await signer.issue({ isAdmin: true, lifetimeSeconds: 600 })
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'EdDSA', kid: expect.stringMatching(/^freehold-/) })
  expect(decodeJwt(token)).toMatchObject({ iss: server.url, aud: signer.key, workspaceKey: signer.key, isAdmin: true })
  const { status, json } = await whoIs(other, token)
  expect(status).toBe(200)
  expect(json).toMatchObject({
    kind: 'workspace_token',
    id: signer.workspace.id,
    label: 'workspace token',
    workspace_id: signer.workspace.id,
    role: 'admin',
    tenant: null,
    credential: { id: decodeJwt(token).jti, kind: 'workspace_token', expires_at: new Date(decodeJwt(token).exp! * 1000).toISOString() },
  })
  const read = (id: string) => server.call('GET', `/v1/workspaces/${id}`, { token })
  expect((await read(signer.workspace.id)).status).toBe(200)
  expect((await read(rival.workspace.id)).status).toBe(404)
  expect((await server.call('GET', '/v1/workspaces', { token })).list.map(({ id }) => id)).toEqual([signer.workspace.id])
})

test('MB-04 without `isAdmin` a token reads and changes nothing, beside one with it', async () => {
  const [admin, view] = [await signer.issue({ isAdmin: true }), await signer.issue()]
  const rename = (token: string) =>
    server.call('PATCH', `/v1/workspaces/${signer.workspace.id}?dry_run=true`, { token, body: { name: 'New name' } })
  expect([(await rename(admin)).status, (await rename(view)).status, (await rename(admin)).status]).toEqual([200, 403, 200])
  expect((await whoIs(server, view)).json).toMatchObject({ role: 'view' })
})

test.each(['HS256', 'HS512'])('MB-05 a token signed with the secret (%s) is taken, on every process', async (alg) => {
  const token = await signer.sign({ isAdmin: false }, { header: { alg } })
  expect([await statusOf(token), await statusOf(token, other)]).toEqual([200, 200])
})

test('MB-05 older clients name the workspace by `iss` and the tenant by `id`', async () => {
  const token = await signer.sign({ workspaceKey: undefined, iss: signer.key, id: 'older-client' })
  expect((await whoIs(server, token)).json).toMatchObject({ workspace_id: signer.workspace.id, tenant: { key: 'older-client' } })
  expect(await statusOf(await signer.sign({ iss: 'https://backend.example' }))).toBe(200)
})

const good: Record<string, JWTPayload> = {
  'expired within the skew': { exp: now() - 20 },
  'not yet begun, within the skew': { nbf: now() + 20 },
  'issued ahead of our clock, within the skew': { iat: now() + 20 },
  'the audience freehold': { aud: 'freehold' },
  'one audience of several': { aud: ['https://elsewhere.example', 'freehold'] },
  'the longest lifetime': { exp: now() + 30 * 86_400 - 60 },
  'claims that nobody asks for': { sub: 'x', scope: 'everything', role: 'owner', email: 'a@example.test' },
}
test.each(Object.entries(good))('MB-05 a token is taken: %s', async (_title, claims) => {
  const { status, json } = await whoIs(server, await signer.sign(claims))
  expect(status).toBe(200)
  expect(json).toMatchObject({ role: 'view', operator: false, email: null })
})

const bad: Record<string, () => Record<string, unknown>> = {
  'without an end': () => ({ exp: undefined }),
  'with an end that is text': () => ({ exp: String(now() + 60) }),
  expired: () => ({ exp: now() - 90 }),
  'that lives longer than a month': () => ({ exp: now() + 31 * 86_400 }),
  'not yet begun': () => ({ nbf: now() + 120 }),
  'issued in the future': () => ({ iat: now() + 120 }),
  'for another audience': () => ({ aud: 'https://elsewhere.example' }),
  'for another workspace as audience': () => ({ aud: rival.key }),
  'for an audience that is no text': () => ({ aud: [1] }),
  'without a workspace': () => ({ workspaceKey: undefined }),
  'of another workspace': () => ({ workspaceKey: rival.key }),
  'of two workspaces': () => ({ iss: rival.key }),
  'of a workspace that is none': () => ({ workspaceKey: `wk_${'0'.repeat(32)}` }),
  'with a workspace that is no text': () => ({ workspaceKey: { toString: 'x' } }),
  'with `isAdmin` that is no boolean': () => ({ isAdmin: 'true' }),
  'with an empty tenant': () => ({ tenantKey: '' }),
  'with a tenant that is null': () => ({ tenantKey: null }),
  'with a tenant that is a number': () => ({ tenantKey: 7 }),
  'with a tenant in other letters': () => ({ tenantKey: 'Zoë' }),
  'with a tenant too long': () => ({ tenantKey: 'x'.repeat(201) }),
  'with two tenants': () => ({ tenantKey: 'one', id: 'two' }),
  'with a name that cannot be stored': () => ({ tenantKey: 'one', name: 'a\0b' }),
  'with a name that is none': () => ({ tenantKey: 'one', name: 7 }),
  'with fields that are none': () => ({ tenantKey: 'one', fields: ['x'] }),
  'with fields that cannot be stored': () => ({ tenantKey: 'one', fields: { a: { b: ['\ud800'] } } }),
  'with too many fields': () => ({ tenantKey: 'one', fields: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`f${n}`, n])) }),
  'with fields nested without end': () => ({
    tenantKey: 'one',
    fields: { a: JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`) as unknown },
  }),
}
test.each(Object.entries(bad))('MB-05 a token %s is refused as any other', async (_title, claims) => {
  const { status, json } = await whoIs(server, await signer.sign(claims()))
  const nobody = await whoIs(server, 'nonsense')
  expect(status).toBe(401)
  expect({ ...json, request_id: '' }).toEqual({ ...nobody.json, request_id: '' })
})

test('MB-05 a token that was cut, altered, unsigned or too long is refused', async () => {
  const token = await signer.sign()
  const [header = '', payload = '', signature = ''] = token.split('.')
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const altered = encode({ ...decodeJwt(token), isAdmin: true })
  const headers = [
    { alg: 'none' },
    { alg: 'None' },
    { alg: 'HS384' },
    { alg: 'RS256' },
    { alg: 'EdDSA' },
    { alg: ['HS256'] },
    {},
    null,
    'HS256',
  ]
  const forged = [
    ...[1, 10, signature.length - 1, signature.length].map((cut) => token.slice(0, -cut)),
    `${header}.${payload.slice(0, -4)}.${signature}`,
    `${header}.${altered}.${signature}`,
    `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
    ...headers.flatMap((each) => [`${encode(each)}.${payload}.${signature}`, `${encode(each)}.${payload}.`]),
    `${encode({ alg: 'HS256', crit: ['b64'], b64: false })}.${payload}.${signature}`,
    `${header}..${signature}`,
    `${encode('x')}.${encode('y')}.${signature}`,
    '..',
    'a.b.c',
    new UnsecuredJWT({ workspaceKey: signer.key, isAdmin: true, ...hourFrom() }).encode(),
    await signer.sign({}, { key: rival.secret }),
    await signer.sign({}, { key: 'x' }),
    await signer.sign({}, { key: signer.key }),
  ]
  for (const each of forged) expect([each.slice(0, 100), await statusOf(each)]).toEqual([each.slice(0, 100), 401])
  // Longer than any header may be.
  expect(await statusOf(await signer.sign({ filler: 'x'.repeat(20_000) }))).toBe(431)
  expect(await statusOf(await signer.sign({ filler: 'x'.repeat(10_000) }))).toBe(200)
  expect(await statusOf(token)).toBe(200)
})

test('MB-04 only the key of the installation makes EdDSA tokens', async () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const minted = await signer.issue()
  const { kid } = decodeProtectedHeader(minted)
  const claims = { ...decodeJwt(minted), isAdmin: true }
  for (const header of [{ alg: 'EdDSA', kid: kid! }, { alg: 'EdDSA' }, { alg: 'EdDSA', kid: 'mine' }]) {
    expect(await statusOf(await new SignJWT(claims).setProtectedHeader(header).sign(privateKey))).toBe(401)
  }
  // The signature of one workspace's token vouches for no other's claims.
  const [header, , signature] = minted.split('.')
  const moved = Buffer.from(JSON.stringify({ ...claims, workspaceKey: rival.key })).toString('base64url')
  expect(await statusOf(`${header}.${moved}.${signature}`)).toBe(401)
})

test('MB-04 routes for people refuse a token of a workspace, and so does another workspace', async () => {
  const token = await signer.issue({ isAdmin: true })
  const { id } = signer.workspace
  expect((await server.call('GET', `/org-workspaces/${id}`, { token })).status).toBe(403)
  expect((await server.call('POST', `/org-workspaces/${id}/access-token`, { token, body: {} })).status).toBe(403)
  expect((await server.call('POST', `/org-workspaces/${id}/rotate-secret`, { token, body: {} })).status).toBe(403)
  expect((await server.call('GET', `/v1/accounts/${signer.workspace.accountId}`, { token })).status).toBe(404)
})

test('a token stops at its end, and one of a workspace that is deleted at once', async () => {
  const gone = await createSigner(server, await server.workspace())
  const token = await gone.sign()
  expect([await statusOf(token), await statusOf(token, other)]).toEqual([200, 200])
  await server.superuser.query(
    `begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true);
     update hub.workspace set status = 'deleted' where id = '${gone.workspace.id}';
     update hub.gate set epoch = epoch + 1 where id = '${gone.workspace.id}'; commit`,
  )
  expect([await statusOf(token), await statusOf(token, other)]).toEqual([401, 401])
})

test('MB-07 in a frozen workspace a token reads, in an archived one it is told so', async () => {
  const { workspace, sign } = await createSigner(server, await server.workspace())
  const token = await sign({ isAdmin: true })
  const owner = server.as(workspace.owner)
  const read = () => server.call('GET', `/v1/workspaces/${workspace.id}/environments`, { token })
  await owner('PATCH', `/v1/workspaces/${workspace.id}/status`, { status: 'frozen' })
  expect([(await read()).status, await statusOf(token)]).toEqual([200, 200])
  await owner('POST', `/org-workspaces/${workspace.id}/archive`)
  expect([(await read()).status, await statusOf(token)]).toEqual([423, 200])
})
