import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor, TestWorkspace } from './support/actors.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

type Explained = {
  allowed: boolean
  role: string | null
  path: { resource: { kind: string; label: string }; relation: string; subject: { kind: string; id: string; label: string } }[]
  conditions: string[]
  obstacles: { kind: string; message: string; fix: string }[]
}

let server: TestServer
let workspace: TestWorkspace
beforeAll(async () => {
  server = await startTestServer()
  workspace = await server.workspace()
})
afterAll(() => server.close())

async function explain(caller: Actor, query: Record<string, string>, of = workspace): Promise<Explained> {
  const answer = await server.as(caller)('GET', `/v1/workspaces/${of.id}/explain?${new URLSearchParams(query).toString()}`)
  expectStatus(answer, 200)
  return answer.json as unknown as Explained
}

test('BX-02 an allowed one is told the path: their own grant, a group, or the account', async () => {
  const editor = await server.member(workspace.id, 'edit')
  const own = await explain(editor, { permission: 'write' })
  expect(own).toMatchObject({ allowed: true, role: 'edit', obstacles: [] })
  expect(own.path.map(({ relation, subject }) => [relation, subject.id])).toEqual([['edit', editor.id]])

  const byAccount = await explain(workspace.owner, { permission: 'administer', principal: `user:${workspace.owner.id}` })
  expect(byAccount).toMatchObject({ allowed: true, role: 'owner' })

  const admin = await server.user('Account Admin')
  await server.relate(`account:${workspace.accountId}`, 'admin', `user:${admin.id}`)
  const through = await explain(admin, { permission: 'administer' })
  expect(through).toMatchObject({ allowed: true, role: 'admin' })
  expect(through.path.map(({ relation }) => relation)).toEqual(['account', 'admin'])
  expect(through.path[0]!.subject.kind).toBe('account')
})

test('BX-02 a refused one is told what is missing and who can give it', async () => {
  const viewer = await server.member(workspace.id, 'view')
  const refused = await explain(viewer, { permission: 'manage_members' })
  expect(refused).toMatchObject({ allowed: false, role: 'view', path: [] })
  expect(refused.obstacles.map(({ kind }) => kind)).toEqual(['role'])
  expect(refused.obstacles[0]!.message).toContain('`view` does not include `manage_members`')
  expect(refused.obstacles[0]!.fix).toContain('`admin`')
})

test('BX-02 who manages members may ask about anybody, by id or by e-mail; others only about themselves', async () => {
  const stranger = await server.user()
  const asked = await explain(workspace.owner, { permission: 'read', principal: stranger.email! })
  expect(asked).toMatchObject({ allowed: false, role: null, principal: { kind: 'user', id: stranger.id } })

  const viewer = await server.member(workspace.id, 'view')
  const path = `/v1/workspaces/${workspace.id}/explain?permission=read&principal=`
  const denied = await server.as(viewer)('GET', `${path}user:${stranger.id}`)
  expectStatus(denied, 403)
  expect(denied.json['permission']).toBe('manage_members')
  for (const oneself of [`user:${viewer.id}`, viewer.id, viewer.email!, ''])
    expectStatus(await server.as(viewer)('GET', path + oneself), 200)
  expectStatus(await server.as(workspace.owner)('GET', path + stranger.id), 200)
  expectStatus(await server.as(workspace.owner)('GET', `${path}user:${newId()}`), 404)
  expectStatus(await server.as(workspace.owner)('GET', `${path}nobody@example.test`), 404)
  expectStatus(await server.as(workspace.owner)('GET', `${path}somebody`), 400)
  expectStatus(await server.as(stranger)('GET', `${path}user:${stranger.id}`), 404)
})

test("BX-02 a key's role, end and revocation stand in the way; another workspace's key does not exist", async () => {
  const key = await server.apiKey(workspace, 'view')
  const about = { permission: 'write', principal: `api_key:${key.id}` }
  expect((await explain(workspace.owner, about)).obstacles.map(({ kind }) => kind)).toEqual(['role'])
  expect(await explain(key, { permission: 'read' })).toMatchObject({ allowed: true, role: 'view' })

  await server.expire(key)
  expect((await explain(workspace.owner, about)).obstacles.map(({ kind }) => kind)).toContain('expired')
  expectStatus(await server.as(workspace.owner)('DELETE', `/v1/workspaces/${workspace.id}/api-keys/${key.id}`), 204)
  expect((await explain(workspace.owner, about)).obstacles.map(({ kind }) => kind)).toContain('revoked')

  const elsewhere = await server.apiKey(await server.workspace(), 'admin')
  const foreign = await server.as(workspace.owner)(
    'GET',
    `/v1/workspaces/${workspace.id}/explain?permission=read&principal=api_key:${elsewhere.id}`,
  )
  expectStatus(foreign, 404)
})

test('BX-02 a frozen workspace and a full plan are named beside each other', async () => {
  const frozen = await server.workspace()
  await server.setLimits(frozen, 0)
  expectStatus(await server.as(frozen.owner)('PATCH', `/v1/workspaces/${frozen.id}/status`, { status: 'frozen' }), 200)
  const about = await explain(frozen.owner, { permission: 'manage_members', resource: 'api_keys' }, frozen)
  expect(about.allowed).toBe(false)
  expect(about.obstacles.map(({ kind }) => kind)).toEqual(['state', 'limit'])
  expect(await explain(frozen.owner, { permission: 'read' }, frozen)).toMatchObject({ allowed: true, obstacles: [] })
})

test('BX-02 a protected environment asks for more than an open one', async () => {
  const editor = await server.member(workspace.id, 'edit')
  expect(await explain(editor, { permission: 'deploy', resource: 'environment:dev' })).toMatchObject({ allowed: true })
  expect(await explain(editor, { permission: 'deploy', resource: 'environment:prod' })).toMatchObject({ allowed: false, role: 'edit' })
  const missing = await server.as(editor)('GET', `/v1/workspaces/${workspace.id}/explain?permission=deploy&resource=environment:none`)
  expectStatus(missing, 404)
})

test('BX-02 an explanation agrees with what the server then does, for every role and permission that a route asks for', async () => {
  const probes = [
    { permission: 'read', method: 'GET', path: '' },
    { permission: 'manage_members', method: 'GET', path: '/api-keys' },
    { permission: 'administer', method: 'PATCH', path: '?dry_run=true', body: { name: 'Same' } },
  ]
  for (const role of ['owner', 'admin', 'edit', 'view'] as const) {
    const member = await server.member(workspace.id, role)
    for (const { permission, method, path, body } of probes) {
      const { allowed } = await explain(member, { permission })
      const answer = await server.as(member)(method, `/v1/workspaces/${workspace.id}${path}`, body)
      expect([role, permission, answer.status < 300]).toEqual([role, permission, allowed])
    }
  }
})
