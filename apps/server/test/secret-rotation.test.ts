import type { Tx } from '@freehold/db'
import { insertAuditEvent, insertSystemEvent, createWorkspaceKeys, refuseOverLimit, requireEnvironment } from '@freehold/hub'
import { createRotationReminders, putManagedSecret, type RotationDue } from '@freehold/instance'
import { newId, SecretValue } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadRootKey } from '../src/root-key.ts'
import type { TestWorkspace } from './support/actors.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let workspace: TestWorkspace
beforeAll(async () => {
  server = await startTestServer()
  workspace = await server.workspace()
})
afterAll(() => server.close())

const dayMs = 86_400_000
const path = (key: string) => `/v1/workspaces/${workspace.id}/secrets/${key}`
const put = async (key: string, body: unknown) => {
  const answer = await server.as(workspace.owner)('PUT', path(key), body)
  expectStatus(answer, 200)
  return answer.json
}
async function told(key: string) {
  const { list } = await server.as(workspace.owner)('GET', `/v1/workspaces/${workspace.id}/audit?limit=1000&action=secret.rotation_due`)
  return list.filter(({ resource }) => (resource as { label: string }).label === key)
}

test('a rotation that is due is told once each period, by however many processes look, until the value changes', async () => {
  let days = 0
  const clock = { now: () => new Date(Date.now() + days * dayMs) }
  const record = (tx: Tx, due: RotationDue) => insertSystemEvent(tx, { action: 'secret.rotation_due', ...due })
  const errors: object[] = []
  const looking = () =>
    createRotationReminders({ ...server.database, clock, record, logger: { error: (detail) => void errors.push(detail) } })
  const processes = [looking(), looking(), looking()]
  const sendAll = async () => (await Promise.all(processes.map((each) => each.sendDue()))).reduce((sum, sent) => sum + sent)

  expect(await put('DUE', { value: 'hunter2', rotate_every_days: 30 })).toMatchObject({
    rotate_every_days: 30,
    rotation_due_at: expect.any(String),
  })
  await put('NEVER', { value: 'x', rotate_every_days: 30 })
  await put('NEVER', { rotate_every_days: null })
  days = 29
  expect(await sendAll()).toBe(0)
  days = 31
  expect([await sendAll(), await sendAll()]).toEqual([1, 0])
  expect(await told('DUE')).toMatchObject([
    { actor: { kind: 'system', id: 'freehold' }, resource: { kind: 'secret' }, after: { name: 'DUE' } },
  ])
  // After a long time without a server there is one more, not three.
  days = 125
  expect([await sendAll(), await sendAll()]).toEqual([1, 0])

  await put('DUE', { value: 'hunter3' })
  days = 29
  expect(await sendAll()).toBe(0)
  days = 31
  expect(await sendAll()).toBe(1)
  expect((await server.as(workspace.owner)('DELETE', path('DUE'))).status).toBe(204)
  days = 200
  expect(await sendAll()).toBe(0)
  expect(await told('DUE')).toHaveLength(3)
  expect(errors).toEqual([])
  const { rows } = await server.superuser.query('select from instance.secret_reminder')
  expect(rows).toEqual([])
})

test('what the platform sets is there for all to read and takes no place in the limit', async () => {
  const instance = {
    keys: createWorkspaceKeys(loadRootKey(server.config)),
    limits: { refuseOver: refuseOverLimit },
    environments: { require: requireEnvironment },
  }
  const set = (value: string) =>
    server.database.writes.transaction({ workspaceId: workspace.id, accountId: workspace.accountId }, async (tx) => {
      const now = new Date()
      const place = { workspaceId: workspace.id, environment: '', key: 'PLATFORM_URL' }
      const row = await putManagedSecret(tx, instance, { ...place, value: new SecretValue(value), description: 'Of the platform', now })
      const thing = { kind: 'secret', id: row.id, label: row.key }
      const event = { id: newId(), chain: { kind: 'workspace' as const, id: workspace.id }, at: now, requestId: null, ip: null }
      await insertAuditEvent(tx, { ...event, actor: thing, action: 'secret.put', resource: thing })
      return row.version
    })
  await put('PLATFORM_URL', { value: 'from before' })
  expect([await set('one'), await set('one'), await set('two')]).toEqual([2, 2, 3])
  const shown = await server.as(workspace.owner)('GET', path('PLATFORM_URL'))
  expect(shown.json).toMatchObject({ value: 'two', managed: true, updated_by: null })
  expect((await server.as(workspace.owner)('PUT', path('PLATFORM_URL'), { value: 'x' })).status).toBe(403)
  const { rows } = await server.superuser.query<{ used: string }>(
    'select count(*)::text as used from instance.secret where workspace_id = $1 and not managed',
    [workspace.id],
  )
  await server.setLimits(workspace, Number(rows[0]!.used) + 1)
  await put('LAST', { value: 'x' })
})
