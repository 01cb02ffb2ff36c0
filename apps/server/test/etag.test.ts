import { contract, type OperationId, routes } from '@freehold/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settle } from './support/database-inspect.ts'
import { createInputs, pathOf } from './support/inputs.ts'
import { expectStatus } from './support/request.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let tenant: Tenant
let inputs: ReturnType<typeof createInputs>
beforeAll(async () => {
  server = await startTestServer()
  tenant = await createTenant(server)
  inputs = createInputs(server, tenant, { fresh: true })
})
afterAll(() => server.close())

const changing = routes.filter((route) => route.method !== 'GET' && route.etagOf !== undefined)
const single = routes.filter((route) => route.method === 'GET' && !route.list && !route.stream && !route.volatile)

test.each(single.map(({ operationId }) => operationId))(
  '%s has an ETag, and If-None-Match with it answers 304 without a body',
  async (operationId) => {
    const route = contract[operationId as OperationId]
    const path = pathOf(route, await inputs.sample(route, tenant.owner))
    // What is being sealed would change the answer of a verification.
    await settle(server.superuser)
    const first = await server.as(tenant.owner)('GET', path)
    const etag = first.headers.get('etag')!
    expect(etag).toMatch(/^"[\w-]{20,}"$/)
    const unchanged = await server.as(tenant.owner)('GET', path, undefined, { 'if-none-match': `"other", ${etag}` })
    expect([unchanged.status, unchanged.text, unchanged.headers.get('etag')]).toEqual([304, '', etag])
    expect((await server.as(tenant.owner)('GET', path, undefined, { 'if-none-match': '"other"' })).status).toBe(200)
  },
)

test.each(changing.map(({ operationId }) => operationId))(
  '%s: If-Match with an old ETag is 412 and changes nothing; with the present one it goes through',
  async (operationId) => {
    const route = contract[operationId as OperationId]
    const reading = contract[(route as { etagOf: OperationId }).etagOf]
    const sample = await inputs.sample(route, tenant.owner)
    const readPath = pathOf(reading, { params: sample.params, query: {} })
    const change = (etag: string) =>
      server.as(tenant.owner)(route.method, pathOf(route, sample), sample.body, { ...sample.headers, 'if-match': etag })
    const current = (await server.as(tenant.owner)('GET', readPath)).headers.get('etag')!

    for (const wrong of ['"of something else"', `W/${current}`]) {
      const refused = await change(wrong)
      expect([refused.status, refused.json['code']]).toEqual([412, 'version_mismatch'])
    }
    expect((await server.as(tenant.owner)('GET', readPath)).headers.get('etag')).toBe(current)

    const changed = await change(`"other", ${current}`)
    expectStatus(changed, route.status)
    const now = await server.as(tenant.owner)('GET', readPath)
    // Gone, or kept to be seen in another state, as a revoked invitation is.
    if (route.status === 204) expect(now.headers.get('etag')).not.toBe(current)
    else expect([now.headers.get('etag'), now.text]).toEqual([changed.headers.get('etag'), changed.text])
    const repeated = await change(current)
    expect(route.status === 204 ? [404, 412] : [412]).toContain(repeated.status)
    if (operationId === 'setWorkspaceStatus') await server.as(tenant.owner)('PATCH', pathOf(route, sample), { status: 'active' })
  },
)

test('of 10 changes at once that are based on one version, one wins', async () => {
  const path = `/v1/workspaces/${tenant.workspace.id}`
  const etag = (await server.as(tenant.owner)('GET', path)).headers.get('etag')!
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => server.as(tenant.owner)('PATCH', path, { name: `Name ${index}` }, { 'if-match': etag })),
  )
  expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([
    200,
    ...Array.from({ length: 9 }, () => 412),
  ])
  const winner = answers.find(({ status }) => status === 200)!
  expect((await server.as(tenant.owner)('GET', path)).json['name']).toBe(winner.json['name'])
})

test('If-Match: * asks only that it exists', async () => {
  const path = `/v1/workspaces/${tenant.workspace.id}`
  expect((await server.as(tenant.owner)('PATCH', path, { name: 'Any version' }, { 'if-match': '*' })).status).toBe(200)
  const missing = '/v1/workspaces/01900000-0000-7000-8000-00000000dead'
  expect((await server.as(tenant.owner)('PATCH', missing, { name: 'None' }, { 'if-match': '*' })).status).toBe(404)
})

test('a stranger learns nothing from If-Match: 404 whatever it says', async () => {
  const stranger = await server.user()
  for (const etag of ['*', '"x"']) {
    expect(
      (await server.as(stranger)('PATCH', `/v1/workspaces/${tenant.workspace.id}`, { name: 'Mine' }, { 'if-match': etag })).status,
    ).toBe(404)
  }
})
