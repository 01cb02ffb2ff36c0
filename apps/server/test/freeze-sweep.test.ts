import { type AnyRoute, isMutation, routes } from '@freehold/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CheckedCalls, createCheckedCalls } from './support/checked-calls.ts'
import { fingerprint, settle } from './support/database-inspect.ts'
import { createInputs, type Sample } from './support/inputs.ts'
import { expectStatus } from './support/request.ts'
import { type Cast, createCast, roles } from './support/roles.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { needsArchived } from './support/workspace-status.ts'

let server: TestServer
let calls: CheckedCalls
let tenant: Tenant
let cast: Cast
const samples = new Map<string, Sample>()
const inWorkspace = routes.filter(({ guard }) => 'permission' in guard && guard.on === 'workspace')

beforeAll(async () => {
  server = await startTestServer()
  calls = await createCheckedCalls(server)
  tenant = await createTenant(server)
  cast = await createCast(server, tenant)
  const inputs = createInputs(server, tenant)
  // What a request names is made while that is still possible.
  for (const route of inWorkspace) {
    for (const role of roles) samples.set(`${route.operationId} ${role}`, await inputs.sample(route, cast[role]))
  }
  await setStatus('frozen')
})
afterAll(() => server.close())

async function setStatus(status: 'active' | 'frozen'): Promise<void> {
  const answer = await server.as(tenant.owner)('PATCH', `/v1/workspaces/${tenant.workspace.id}/status`, { status })
  expectStatus(answer, 200)
}

const sampleOf = (route: AnyRoute, role: keyof Cast) => samples.get(`${route.operationId} ${role}`)!

// What these are for, while it is frozen.
const whileFrozen: Record<string, unknown> = { setWorkspaceStatus: { status: 'active' }, updateOrgWorkspace: { isReadOnly: false } }
const cases = inWorkspace.map((route) => ({ route, name: route.operationId, isRefused: route.whenFrozen === 'refuse' }))

describe.each(cases)('GF-10 frozen: $name', ({ route, isRefused }) => {
  test('is refused with 423 to whoever may do it otherwise, or stays open, as the contract says', async () => {
    for (const role of roles) {
      const sample = sampleOf(route, role)
      const body = whileFrozen[route.operationId] ?? sample.body
      for (const dryRun of isRefused ? [true, false] : [true]) {
        const answer = await calls.send(route, sample, { dryRun, body })
        if ([403, 404].includes(answer.status)) continue
        expectStatus(answer, isRefused ? 423 : needsArchived(route) ? 409 : route.status, role)
        if (isRefused) expect(answer.json['code']).toBe('workspace_frozen')
      }
    }
  })
})

test('GF-10 refused writes of a frozen workspace leave no trace', async () => {
  const refused = inWorkspace.filter(({ whenFrozen }) => whenFrozen === 'refuse')
  await settle(server.superuser)
  const before = await fingerprint(server.superuser)
  for (const route of refused) {
    const answer = await calls.send(route, sampleOf(route, 'workspace owner'), { headers: { 'idempotency-key': 'while-frozen' } })
    expect(answer.status).toBe(423)
  }
  expect(await fingerprint(server.superuser)).toEqual(before)
})

test('GF-10 access can be taken away and the workspace unfrozen while it is frozen, and then it takes writes again', async () => {
  const key = `/v1/workspaces/${tenant.workspace.id}/api-keys/${tenant.keys.view.id}`
  expect((await server.as(tenant.owner)('DELETE', key)).status).toBe(204)
  expect((await server.call('GET', `/v1/workspaces/${tenant.workspace.id}`, { token: tenant.keys.view.token })).status).toBe(401)
  await setStatus('active')
  const written = await server.as(tenant.owner)('PATCH', `/v1/workspaces/${tenant.workspace.id}`, { name: 'Thawed' })
  expect(written.status).toBe(200)
})

test('every exemption from the freeze says why', () => {
  const exempt = (routes as AnyRoute[]).filter((route) => isMutation(route) && route.whenFrozen !== 'refuse')
  expect(exempt.filter(({ whenFrozen }) => (whenFrozen as { allow: string }).allow.length < 15)).toEqual([])
  const inside = exempt.filter((route) => inWorkspace.includes(route)).map(({ operationId }) => operationId)
  expect(inside.toSorted()).toEqual([
    'archiveOrgWorkspace',
    'archiveWorkspace',
    'restoreOrgWorkspace',
    'restoreWorkspace',
    'revokeApiKey',
    'revokeGrant',
    'revokeInvitation',
    'setWorkspaceStatus',
    'updateOrgWorkspace',
  ])
})
