import { type AnyRoute, isMutation, routes } from '@freehold/contract'
import { type OidcProvider, startOidcProvider } from '@freehold/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CheckedCalls, createCheckedCalls } from './support/checked-calls.ts'
import { auditOf, findText, fingerprint, settle, type StoredAudit } from './support/database-inspect.ts'
import { createInputs, type Sample } from './support/inputs.ts'
import { expectStatus } from './support/request.ts'
import { type Cast, createCast } from './support/roles.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { fitStatus, makeActive } from './support/workspace-status.ts'

let provider: OidcProvider
let server: TestServer
let calls: CheckedCalls
let tenant: Tenant
let cast: Cast
let inputs: ReturnType<typeof createInputs>
const secrets = new Set<string>()
const mutations = routes.filter(isMutation)
const auditedReads = routes.filter((route) => !isMutation(route) && route.audit !== undefined)

beforeAll(async () => {
  provider = await startOidcProvider({ reusableCodes: true })
  server = await startTestServer({ oidc: provider.config })
  calls = await createCheckedCalls(server)
  tenant = await createTenant(server)
  cast = await createCast(server, tenant)
  inputs = createInputs(server, tenant, { fresh: true, provider })
})
afterAll(async () => {
  await server.close()
  await provider.close()
})
afterEach(() => makeActive(server, tenant))

// Guesses of a password and of a setup link are counted, whether or not they count as a try.
const counted = ['hub.throttle']

describe.each(mutations.map((route) => ({ route, name: `${route.operationId} ${route.method} ${route.path}` })))('$name', ({ route }) => {
  const caller = () => ('permission' in route.guard && route.guard.on === 'installation' ? cast.operator : tenant.owner)
  beforeEach(() => fitStatus(server, tenant, route))

  test('BX-06 a dry run answers as the real one would and changes nothing; GF-13 the real one leaves exactly one event', async () => {
    const sample = await inputs.sample(route, caller())
    await settle(server.superuser)
    const before = await fingerprint(server.superuser, counted)
    const dry = await calls.send(route, sample, {
      dryRun: true,
      headers: { ...sample.headers, 'x-request-id': `dry-${route.operationId}` },
    })
    expect(dry.headers.get('dry-run')).toBe('true')
    expect(await fingerprint(server.superuser, counted)).toEqual(before)

    const requestId = `real-${route.operationId}`
    const real = await calls.send(route, sample, { headers: { ...sample.headers, 'x-request-id': requestId } })
    expectStatus(real, route.status)
    expectStatus(dry, real.status)
    expect(Object.keys(dry.json)).toEqual(Object.keys(real.json))
    expect(real.headers.get('x-request-id')).toBe(requestId)

    const events = await auditOf(server.superuser, requestId)
    expect(events).toHaveLength(1)
    expect([route.audit].flat()).toContain(events[0]!.action)
    expect([events[0]!.chain_kind, events[0]!.chain_id]).toEqual(chainOf(events[0]!, sample, real.json))
    if (!('public' in route.guard)) expect([events[0]!.actor_kind, events[0]!.actor_id]).toEqual(['user', caller().id])
    expect(await auditOf(server.superuser, `dry-${route.operationId}`)).toEqual([])
    for (const secret of secretsOf(sample, real.json, real.headers)) secrets.add(secret)
  })

  test('GF-13 a refused request leaves no trace', async () => {
    const sample = await inputs.sample(route, caller())
    await settle(server.superuser)
    const before = await fingerprint(server.superuser, counted)
    const statuses = await refusals(route, sample)
    expect(statuses.filter((status) => status < 400)).toEqual([])
    expect(await fingerprint(server.superuser, counted)).toEqual(before)
  })
})

test.for(auditedReads.map((route) => ({ route, name: route.operationId })))(
  'GF-18 $name leaves exactly one event each time, and none where it is refused',
  async ({ route }) => {
    const sample = await inputs.sample(route, tenant.owner)
    for (const requestId of [`first-${route.operationId}`, `again-${route.operationId}`]) {
      expectStatus(await calls.send(route, sample, { headers: { ...sample.headers, 'x-request-id': requestId } }), route.status)
      const events = await auditOf(server.superuser, requestId)
      expect(events.map(({ action, actor_id: actor }) => [action, actor])).toEqual([[route.audit, tenant.owner.id]])
    }
    await settle(server.superuser)
    const before = await fingerprint(server.superuser, counted)
    expect((await refusals(route, sample)).filter((status) => status < 400)).toEqual([])
    expect(await fingerprint(server.superuser, counted)).toEqual(before)
  },
)

/** Sends the request in every way that must be refused; answers the statuses. */
async function refusals(route: AnyRoute, sample: Sample): Promise<number[]> {
  const statuses: number[] = []
  const send = async (change: Partial<Sample>) => statuses.push((await calls.send(route, sample, change)).status)
  await send({ query: { ...sample.query, no_such_parameter: '1' } })
  if (!route.takes && route.method !== 'GET') await send({ body: { ...(sample.body as object | undefined), no_such_field: 1 } })
  if (route.etagOf !== undefined) await send({ headers: { ...sample.headers, 'if-match': '"of something else"' } })
  if ('public' in route.guard) return statuses
  await send({ headers: {}, token: 'nonsense' })
  const isOwn = 'self' in route.guard && !route.params
  const isRead = 'permission' in route.guard && route.guard.permission === 'read'
  const readers = isRead ? [] : (['key view', ...(isOwn ? [] : (['workspace view'] as const))] as const)
  for (const role of readers) await send({ headers: {}, token: cast[role].token })
  if (!isOwn) for (const role of ['stranger', 'account member'] as const) await send({ headers: {}, token: cast[role].token })
  return statuses
}

test('no secret that a request carried or an answer showed is in any audit event, or anywhere in the database', async () => {
  expect(secrets.size).toBeGreaterThan(4)
  const found: string[] = []
  for (const secret of secrets) found.push(...(await findText(server.superuser, secret)))
  expect(found).toEqual([])
})

/** The chain that an event belongs to: that of the kind of thing its action is about. */
function chainOf({ action }: StoredAudit, { params }: Sample, answer: Record<string, unknown>): [string, unknown] {
  const kind = action.split('.')[0]!
  if (kind === 'account' || params['account_id']) return ['account', params['account_id'] ?? answer['id']]
  if (['user', 'session', 'personal_token', 'totp', 'recovery_codes', 'passkey'].includes(kind))
    return ['user', answer['user_id'] ?? tenant.owner.id]
  const born = action === 'workspace.create' ? (answer['workspace_id'] ?? answer['id']) : undefined
  return ['workspace', params['workspace_id'] ?? born ?? tenant.workspace.id]
}

function secretsOf({ body }: Sample, answer: Record<string, unknown>, headers: Headers): string[] {
  const codes = (answer['recovery_codes'] ?? []) as string[]
  const given = Object.entries({ ...(body as object | undefined), ...answer })
    // What workspaces and tenants call `key` is a name.
    .filter(([name, value]) => /password|token|secret|^value$|^dotenv$/.test(name) || (name === 'key' && String(value).startsWith('fhk_')))
    .filter(([, value]) => typeof value === 'string')
    .map(([, value]) => value as string)
  const cookie = /freehold_session=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1]
  return [...given, ...codes, ...(cookie ? [cookie] : [])]
}
