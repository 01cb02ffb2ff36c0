import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account, TestWorkspace } from './support/actors.ts'
import { auditOf } from './support/database-inspect.ts'
import { createKeyCalls, keyOf, pointersOf } from './support/key-calls.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

const day = 86_400

let server: TestServer
let account: Account
let workspace: TestWorkspace
let other: TestWorkspace
let keys: ReturnType<typeof createKeyCalls>
beforeAll(async () => {
  server = await startTestServer()
  account = await server.account()
  workspace = await server.workspace(account)
  other = await server.workspace()
  keys = createKeyCalls(server, workspace)
})
afterAll(() => server.close())

const lifeOf = ({ json }: Answer) => (Date.parse(json['expires_at'] as string) - Date.parse(json['created_at'] as string)) / 1000

describe('AM-04 the account decides how long a key may live', () => {
  const setPolicy = async (seconds: number | null) =>
    expectStatus(await server.as(account.owner)('PATCH', `/v1/accounts/${account.id}`, { max_api_key_lifetime_seconds: seconds }), 200)
  afterAll(() => setPolicy(null))

  test('AM-04 longer than the policy is refused with the longest life, the default bends, and a rotation is held to it', async () => {
    const before = await keys.create({ lifetime_seconds: null })
    await setPolicy(7 * day)
    for (const lifetime of [null, 7 * day + 1]) {
      const refused = await keys.create({ lifetime_seconds: lifetime })
      expect([refused.status, refused.json['code']]).toEqual([403, 'forbidden'])
      expect(refused.json).toMatchObject({ policy: 'max_api_key_lifetime_seconds', allowed: 7 * day })
    }
    expect(lifeOf(await keys.create({}))).toBe(7 * day)
    expect(lifeOf(await keys.create({ lifetime_seconds: 3600 }))).toBe(3600)
    expect(lifeOf(await keys.rotate(before.json['id'] as string))).toBe(7 * day)
  })
})

describe('BX-05 rotation', () => {
  test('BX-05 a rotated key answers a new one of the same name, role and limits; the old one ends at once; one event tells', async () => {
    const limits = { scopes: ['workspaces:*'], allowed_ips: ['127.0.0.1'], allowed_origins: [], environments: ['dev'] }
    const old = await keys.key({ ...limits, role: 'view', description: 'For CI', lifetime_seconds: 30 * day })
    const answer = await server.as(workspace.owner)('POST', `${keys.path}/${old.id}/rotate`, {}, { 'x-request-id': 'rotate-one' })
    expectStatus(answer, 201)
    expect(answer.json).toMatchObject({ ...limits, name: 'ci', description: 'For CI', role: 'view', replaces: old.id })
    expect(lifeOf(answer)).toBe(30 * day)
    expect(await keys.me(old)).toMatchObject({ status: 401 })
    const renewed = keyOf(answer)
    expect((await keys.me(renewed)).json).toMatchObject({ id: renewed.id, role: 'view', workspace_id: workspace.id })
    expect((await keys.read(old.id)).status).toBe(404)
    const events = await auditOf(server.superuser, 'rotate-one')
    expect(events).toMatchObject([{ action: 'api_key.rotate', actor_id: workspace.owner.id }])
    const feed = await server.as(workspace.owner)('GET', `/v1/workspaces/${workspace.id}/audit?action=api_key.rotate&limit=1`)
    expect(feed.list[0]).toMatchObject({ resource: { kind: 'api_key', id: old.id }, after: { successor: { id: renewed.id } } })
    expect(feed.text).not.toContain(renewed.token)
  })

  test('BX-05 with a grace both work, and the end of the old one is told', async () => {
    const old = await keys.key()
    const answer = await keys.rotate(old.id, { grace_seconds: 3600 })
    expectStatus(answer, 201)
    const ends = Date.parse((await keys.read(old.id)).json['expires_at'] as string)
    expect(ends - Date.parse(answer.json['created_at'] as string)).toBe(3_600_000)
    expectStatus(await keys.me(old), 200)
    expectStatus(await keys.me(keyOf(answer)), 200)
  })

  test("BX-05 the old key's end begins at the first use of the new one, without a further request", async () => {
    const old = await keys.key({ lifetime_seconds: null })
    const answer = await keys.rotate(old.id, { grace_seconds: 3600, grace_from: 'first_use' })
    expect((await keys.read(old.id)).json['expires_at']).toBeNull()
    expectStatus(await keys.me(keyOf(answer)), 200)
    await waitFor(
      async () => (await keys.read(old.id)).json['expires_at'],
      (expiresAt) => expiresAt !== null,
    )
    const feed = await server.as(workspace.owner)('GET', `/v1/workspaces/${workspace.id}/audit?action=api_key.grace_start`)
    expect(feed.list).toMatchObject([{ actor: { kind: 'system', id: 'freehold', label: 'Freehold' }, resource: { id: old.id } }])
    expectStatus(await keys.me(old), 200)
  })

  test('BX-05 what is replaced, revoked or expired cannot be rotated', async () => {
    const [replaced, revoked, expired] = [await keys.key(), await keys.key(), await keys.key()]
    expectStatus(await keys.rotate(replaced.id, { grace_seconds: 60 }), 201)
    expectStatus(await server.as(workspace.owner)('DELETE', `${keys.path}/${revoked.id}`), 204)
    await server.expire(expired)
    for (const { id } of [replaced, revoked, expired]) {
      const answer = await keys.rotate(id)
      expect([answer.status, answer.json['code']]).toEqual([409, 'invalid_state'])
    }
  })

  test('BX-05 who may not manage members, or is of another tenant, rotates nothing', async () => {
    const { id } = await keys.key()
    for (const by of [await server.member(workspace.id, 'edit'), await keys.key({ role: 'edit' })]) {
      const answer = await keys.rotate(id, {}, by)
      expect([answer.status, answer.json['permission']]).toEqual([403, 'manage_members'])
    }
    expectStatus(await keys.rotate(id, {}, other.owner), 404)
    const theirs = await server.as(other.owner)('POST', `/v1/workspaces/${other.id}/api-keys`, { name: 'theirs' })
    expectStatus(await keys.rotate(theirs.json['id'] as string), 404)
    expect((await keys.read(id)).status).toBe(200)
  })

  test('BX-05 a grace that is none is refused at its place, and a dry run changes nothing', async () => {
    const { id, token } = await keys.key()
    const faulty = await keys.rotate(id, { grace_seconds: -1, grace_from: 'never', grace: 1 })
    expect(pointersOf(faulty).toSorted()).toEqual(['/body/grace', '/body/grace_from', '/body/grace_seconds'])
    const dry = await server.as(workspace.owner)('POST', `${keys.path}/${id}/rotate?dry_run=true`, {})
    expectStatus(dry, 201)
    expectStatus(await keys.me({ id, token }), 200)
    expectStatus(await keys.me(keyOf(dry)), 401)
  })

  test('BX-05 a key renews itself, but lives no longer for it', async () => {
    const self = await keys.key({ role: 'admin', lifetime_seconds: 3600 })
    const answer = await keys.rotate(self.id, {}, self)
    expectStatus(answer, 201)
    expect(answer.json['expires_at']).toBe(self.json['expires_at'])
    expectStatus(await keys.me(self), 401)
  })

  test('BX-05 a full workspace can still rotate, and what is replaced takes no place', async () => {
    const full = await server.workspace(account)
    await server.setLimits(full, 1)
    const path = `/v1/workspaces/${full.id}/api-keys`
    const call = server.as(full.owner)
    const made = await call('POST', path, { name: 'only' })
    expectStatus(made, 201)
    expectStatus(await call('POST', path, { name: 'too many' }), 402)
    const rotated = await call('POST', `${path}/${made.json['id'] as string}/rotate`, { grace_seconds: 3600 })
    expectStatus(rotated, 201)
    expectStatus(await call('POST', path, { name: 'too many' }), 402)
    expectStatus(await call('DELETE', `${path}/${made.json['id'] as string}`), 204)
    expectStatus(await call('POST', path, { name: 'too many' }), 402)
    expectStatus(await call('DELETE', `${path}/${rotated.json['id'] as string}`), 204)
    expectStatus(await call('POST', path, { name: 'room again' }), 201)
  })
})
