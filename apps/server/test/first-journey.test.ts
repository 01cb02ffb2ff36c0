import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test('GF-04 GF-05 GF-07 a workspace is created by a run and becomes active with dev, staging and prod', async () => {
  const { id: accountId, owner } = await server.account()
  const created = await server.as(owner)('POST', '/v1/workspaces', { account_id: accountId, name: 'Acmé Dev!', region: 'local' })
  expect(created.status).toBe(202)
  const { workspace_id: id, provisioning_run_id: runId } = created.json
  expect(created.headers.get('location')).toBe(`/v1/provisioning-runs/${String(runId)}`)

  const run = await waitFor(
    () => server.as(owner)('GET', `/v1/provisioning-runs/${String(runId)}`),
    ({ json }) => json['status'] === 'succeeded',
  )
  expect((run.json['steps'] as { status: string }[]).every(({ status }) => status === 'succeeded')).toBe(true)
  const detail = await server.as(owner)('GET', `/v1/workspaces/${String(id)}`)
  expect(detail.json).toMatchObject({
    id,
    account_id: accountId,
    name: 'Acmé Dev!',
    slug: 'acme-dev',
    status: 'active',
    region: 'local',
    tenancy_model: 'shared',
  })
  const environments = await server.as(owner)('GET', `/v1/workspaces/${String(id)}/environments`)
  expect(environments.list.map(({ slug, status, protected: isProtected }) => [slug, status, isProtected])).toEqual([
    ['dev', 'active', false],
    ['staging', 'active', false],
    ['prod', 'active', true],
  ])
})

test('AM-04 a key is shown once, works until it is revoked, and not one request longer', async () => {
  const workspace = await server.workspace()
  const key = await server.apiKey(workspace, 'view')
  const path = `/v1/workspaces/${workspace.id}`
  expect((await server.as(key)('GET', path)).status).toBe(200)
  expect((await server.as(workspace.owner)('GET', `${path}/api-keys`)).text).not.toContain(key.token)
  expect((await server.as(workspace.owner)('DELETE', `${path}/api-keys/${key.id}`)).status).toBe(204)
  expect((await server.as(key)('GET', path)).status).toBe(401)
})

test('GF-25 another tenant gets the same 404 as a missing workspace', async () => {
  const [mine, theirs] = [await server.workspace(), await server.workspace()]
  const missingId = '01900000-0000-7000-8000-00000000dead'
  const foreign = await server.as(mine.owner)('GET', `/v1/workspaces/${theirs.id}`)
  const missing = await server.as(mine.owner)('GET', `/v1/workspaces/${missingId}`)
  expect([foreign.status, missing.status]).toEqual([404, 404])
  expect({ ...foreign.json, request_id: '' }).toEqual({ ...missing.json, request_id: '' })
})
