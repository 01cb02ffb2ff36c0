import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoWorkspaces } from '../src/demo/demo-workspaces.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ demo: true })
})
afterAll(() => server.close())

const get = (path: string) => server.as(server.operator)('GET', path)
const find = async (name: string) => (await get('/v1/workspaces')).list.find((workspace) => workspace['name'] === name)!

test('--demo leaves every workspace in the state that it names, with its environments and live keys', async () => {
  const listed = (await get('/v1/workspaces')).list.map(({ name, status }) => [name, status])
  expect(listed.toReversed()).toEqual(demoWorkspaces.map(({ name, ends }) => [name, ends.status]))

  for (const { name, description, environments, keys, ends } of demoWorkspaces) {
    if (ends.status === 'failed') continue
    const path = `/v1/workspaces/${String((await find(name))['id'])}`
    expect((await get(path)).json['description']).toBe(description)
    const slugs = (await get(`${path}/environments`)).list.map(({ slug }) => slug)
    expect(slugs).toEqual(['dev', 'staging', 'prod', ...environments.map(({ slug }) => slug)])
    const names = (await get(`${path}/api-keys`)).list.map((key) => key['name'])
    expect(names.toReversed()).toEqual(keys.filter(({ revoked }) => !revoked).map((key) => key.name))
  }
})

test('what --demo makes is as audited as what anybody makes', async () => {
  const { id } = await find('Loyalty Points')
  const actions = (await get(`/v1/workspaces/${String(id)}/audit`)).list.map(({ action }) => action)
  expect(actions.toReversed()).toEqual(['workspace.create', 'workspace.activate', 'workspace.update', 'api_key.create', 'workspace.freeze'])
})

test('a second start with --demo adds nothing', async () => {
  const before = (await get('/v1/activity?limit=1000')).list.length
  const second = await startTestServer({ demo: true }, server)
  await second.close()
  expect((await get('/v1/workspaces')).list).toHaveLength(demoWorkspaces.length)
  expect((await get('/v1/activity?limit=1000')).list).toHaveLength(before)
})

test('the workspace that --demo let fail says why, and becomes active when its run is retried', async () => {
  const path = `/v1/workspaces/${String((await find('Mobile Beta'))['id'])}`
  const { status_reason: reason, provisioning_run_id: runId } = (await get(path)).json
  expect(reason).toContain('Retry the run')
  const retried = await server.as(server.operator)('POST', `/v1/provisioning-runs/${String(runId)}/retry`)
  expect(retried.status).toBe(200)
  await waitFor(
    () => get(path),
    ({ json }) => json['status'] === 'active',
  )
})
