import { type AnyRoute, routes } from '@freehold/contract'
import { mintToken } from '@freehold/kit'
import { type OidcProvider, startOidcProvider } from '@freehold/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from './support/actors.ts'
import { type CheckedCalls, createCheckedCalls } from './support/checked-calls.ts'
import { createInputs } from './support/inputs.ts'
import { malformedRequests } from './support/malformed.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { type Cast, createCast, isKeyRole, permissionsOf, refusalOf, roles, unknownPermissions } from './support/roles.ts'
import { slotsOf } from './support/slots.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { fitStatus, makeActive } from './support/workspace-status.ts'

let provider: OidcProvider
let server: TestServer
let calls: CheckedCalls
let victim: Tenant
let rival: Tenant
let cast: Cast
let dead: Record<string, string>
let inputs: ReturnType<typeof createInputs>
let rivalInputs: ReturnType<typeof createInputs>

beforeAll(async () => {
  provider = await startOidcProvider({ reusableCodes: true })
  server = await startTestServer({ oidc: provider.config })
  calls = await createCheckedCalls(server)
  victim = await createTenant(server)
  rival = await createTenant(server)
  cast = await createCast(server, victim)
  dead = await deadCredentials()
  inputs = createInputs(server, victim, { provider })
  rivalInputs = createInputs(server, rival, { provider })
})
afterAll(async () => {
  await server.close()
  await provider.close()
})

async function deadCredentials(): Promise<Record<string, string>> {
  const past = new Date(Date.now() - 1000)
  const revokedKey = await server.apiKey(victim.workspace, 'admin')
  await server.as(victim.owner)('DELETE', `/v1/workspaces/${victim.workspace.id}/api-keys/${revokedKey.id}`)
  const expiredKey = await server.apiKey(victim.workspace, 'admin')
  await server.expire(expiredKey)
  const good = victim.owner.token
  return {
    empty: '',
    nonsense: 'nonsense',
    'wrong checksum': good.slice(0, -1) + (good.endsWith('A') ? 'B' : 'A'),
    'other prefix': good.replace('fhp_', 'fhk_'),
    'unknown token': mintToken('fhp').plaintext,
    'unknown key': mintToken('fhk').plaintext,
    'setup link': server.firstRun.setupToken!,
    'revoked token': (await server.personalToken(victim.owner, { revokedAt: past })).token,
    'expired token': (await server.personalToken(victim.owner, { expiresAt: past })).token,
    'revoked session': (await server.session(victim.owner, { revokedAt: past })).token,
    'expired session': (await server.session(victim.owner, { expiresAt: past })).token,
    'revoked key': revokedKey.token,
    'expired key': expiredKey.token,
  }
}

describe.each(routes.map((route) => ({ route, name: `${route.operationId} ${route.method} ${route.path}` })))('$name', ({ route }) => {
  beforeAll(() => fitStatus(server, victim, route))
  afterAll(() => makeActive(server, victim))

  test('401 without a live credential, before anything else is said, unless it is public', async () => {
    const { token: _, ...sample } = await inputs.sample(route, victim.owner)
    // What a public route is sent beside the body is no credential.
    const bare = { ...sample, headers: 'public' in route.guard ? sample.headers : {} }
    const without = await calls.send(route, bare, { dryRun: true })
    if ('public' in route.guard) {
      expect(without.status).toBe(route.status)
      for (const token of Object.values(dead)) expectStatus(await calls.send(route, bare, { token, dryRun: true }), route.status)
      return
    }
    expect(without.status).toBe(401)
    expect(without.headers.get('www-authenticate')).toContain('Bearer')
    const faulty = { params: Object.fromEntries(Object.keys(sample.params).map((name) => [name, 'nonsense'])), query: { nonsense: '1' } }
    for (const [what, token] of Object.entries(dead)) {
      for (const presented of [{ token }, { headers: { cookie: `freehold_session=${token}`, origin: server.url } }]) {
        for (const change of [{ dryRun: true }, faulty]) {
          const answer = await calls.send(route, bare, { ...presented, ...change })
          expect({ what, ...comparable(answer) }).toEqual({ what, ...comparable(without) })
        }
      }
    }
  })

  test("GF-01 GF-25 another tenant's id answers in every slot as one that does not exist, and none of its names gets out", async () => {
    const own = await rivalInputs.sample(route, rival.owner)
    const theirs = await inputs.sample(route, victim.owner)
    const outsiders: Actor[] = [await server.user(), rival.owner, cast.operator, ...Object.values(rival.keys)]
    for (const slot of slotsOf(route)) {
      expect(slot.of(theirs)).not.toBe(slot.of(own))
      for (const caller of outsiders) {
        const based = { ...own, token: caller.token, headers: {} }
        const mayAsk = (await calls.send(route, based, { dryRun: true })).status !== 403
        const foreign = await calls.send(route, based, { ...slot.with(own, slot.of(theirs)), dryRun: true })
        const missing = await calls.send(route, based, { ...slot.with(own, slot.missingId), dryRun: true })
        const where = `${slot.name} as ${caller.token.slice(0, 3)}`
        expect({ where, ...comparable(foreign) }).toEqual({ where, ...comparable(missing) })
        expect(where + foreign.text).not.toContain(victim.canary)
        if (isOutOfPlace(route, caller)) expectStatus(foreign, 403, where)
        else if (slot.isGuard || (slot.isObject && mayAsk)) expectStatus(foreign, 404, where)
      }
    }
    for (const caller of outsiders) {
      const answer = await calls.send(route, { ...own, token: caller.token, headers: {} }, { dryRun: true })
      expect(answer.text).not.toContain(victim.canary)
    }
  })

  test('GF-02 every role gets what the table of permissions says, and a refusal names the missing permission', async () => {
    for (const role of roles) {
      const sample = await inputs.sample(route, cast[role])
      const answer = await calls.send(route, sample, { dryRun: true })
      const refusal = refusalOf(role, route.guard)
      expectStatus(answer, refusal?.status ?? route.status, role)
      if (refusal?.status === 403) expect([role, answer.json['permission']]).toEqual([role, refusal.missing])
      if ('permission' in route.guard && permissionsOf(role, route.guard.on).length === 0)
        expect(role + answer.text).not.toContain(victim.canary)
    }
  })

  test('400 names every fault of a request that does not fit', async () => {
    const sample = await inputs.sample(route, victim.owner)
    const wrong: string[] = []
    for (const { what, change, pointers } of malformedRequests(route, sample)) {
      const answer = await calls.send(route, { ...sample, ...change })
      const named = ((answer.json['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer)
      const unnamed = pointers.filter((pointer) => !named.some((name) => name === pointer || name.startsWith(`${pointer}/`)))
      if (answer.status !== 400 || answer.json['code'] !== 'invalid_request' || unnamed.length > 0)
        wrong.push(`${what}: ${answer.status} ${answer.text}`)
    }
    expect(wrong).toEqual([])
  })

  test('a body that cannot be read is refused by what is wrong with it', async () => {
    if (route.method === 'GET' || route.takes) return
    const sample = await inputs.sample(route, victim.owner)
    const send = (body: string, type = 'application/json') =>
      calls.send(route, { ...sample, headers: { ...sample.headers, 'content-type': type } }, { body })
    const big = JSON.stringify({ name: 'x'.repeat(1024 * 1024) })
    const deep = '{"a":'.repeat(40) + '1' + '}'.repeat(40)
    const deepest = '['.repeat(200_000) + ']'.repeat(200_000)
    expectStatus(await send('{"a":'), 400, 'not JSON')
    expectStatus(await send('{"__proto__": {"admin": true}}'), 400, '__proto__')
    expectStatus(await send(deep), 400, 'deep')
    expectStatus(await send(deepest), 400, 'deeper than any stack')
    expectStatus(await send('name=x', 'application/x-www-form-urlencoded'), 415, 'a form')
    expectStatus(await send('{}', 'text/plain'), 415, 'a simple request of a foreign page')
    expectStatus(await send(big), 413, 'too large')
  })
})

test('every permission of the roles is one of the contract, and every operation has a name of its own', () => {
  expect(unknownPermissions).toEqual([])
  expect(new Set(routes.map(({ operationId }) => operationId)).size).toBe(routes.length)
  expect(roles.filter(isKeyRole)).toHaveLength(3)
  expect(routes.flatMap(slotsOf).length).toBeGreaterThan(20)
})

/** A caller of a kind that the route takes from nobody. */
function isOutOfPlace({ guard }: AnyRoute, { token }: Actor): boolean {
  return !('public' in guard) && guard.principals !== undefined && !guard.principals.includes(token.startsWith('fhk_') ? 'api_key' : 'user')
}

/** All of an answer that a client can see, but what differs from request to request. */
function comparable({ status, headers, text }: Answer) {
  const shown = [...headers].filter(([name]) => !['date', 'x-request-id', 'keep-alive', 'connection'].includes(name))
  return { status, headers: Object.fromEntries(shown), text: text.replace(/"request_id":"[^"]*"/, '') }
}
