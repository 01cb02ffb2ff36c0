import { newId } from '@freehold/kit'
import type { Notification } from '@freehold/db'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { insertAuditEvent } from './index.ts'
import { accountChain, newEvent, openWorld, workspaceChain, type World } from './test-fixtures/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

test('an event is announced by ids alone, once it is committed', async () => {
  const heard: (Notification | null)[] = []
  const off = world.database.notifications.on((notification) => heard.push(notification))
  const [workspaceId, accountId] = [newId(), newId()]
  const rolledBack = await world.database.writes.begin({ workspaceId })
  await insertAuditEvent(rolledBack.tx, newEvent({ chain: workspaceChain(workspaceId) }))
  await rolledBack.rollback()
  const inWorkspace = await world.insert({ chain: workspaceChain(workspaceId), accountId })
  const inAccount = await world.insert({ chain: accountChain(accountId) })
  const ofUser = await world.insert({ chain: { kind: 'user', id: accountId } })

  await vi.waitFor(() => expect(heard).toHaveLength(3))
  off()
  expect(heard).toEqual([
    { kind: 'audit', id: inWorkspace, workspace_id: workspaceId, account_id: accountId },
    { kind: 'audit', id: inAccount, account_id: accountId },
    { kind: 'audit', id: ofUser, user_id: accountId },
  ])
})

test('an event cannot be written into a chain outside the scope', async () => {
  const { writes } = world.database
  const chain = workspaceChain(newId())
  await expect(writes.transaction({ workspaceId: newId() }, (tx) => insertAuditEvent(tx, newEvent({ chain })))).rejects.toThrow(
    /row-level security/,
  )
})

test.each([
  { password_hash: 'x' },
  { secret: 'x' },
  { key: 'x' },
  { credential: { token: 'x' } },
  { list: [{ password: 'x' }] },
  { hash: Buffer.from('x') },
])('a snapshot that names a secret is refused: %j', async (after) => {
  const chain = workspaceChain(newId())
  await expect(world.insert({ chain, after })).rejects.toThrow(/hold no secrets/)
  await expect(world.insert({ chain, before: after })).rejects.toThrow(/hold no secrets/)
})

test('the application can neither change, unseal, delete nor reseal an event', async () => {
  const chain = workspaceChain(newId())
  const id = await world.insert({ chain })
  await world.sealer.sealPending()
  const attempt = (text: string) =>
    world.database.writes.transaction({ workspaceId: chain.id }, (tx) => tx.sql({ name: '', text, values: [id] }))

  await expect(attempt(`update hub.audit_event set action = 'x' where id = $1`)).rejects.toThrow(/permission denied/)
  await expect(attempt(`update hub.audit_event set after = null where id = $1`)).rejects.toThrow(/permission denied/)
  await expect(attempt('delete from hub.audit_event where id = $1')).rejects.toThrow(/permission denied/)
  await expect(attempt('delete from hub.audit_head where chain_id <> $1')).rejects.toThrow(/permission denied/)
  await expect(attempt(`update hub.audit_event set hash = 'x' where id = $1`)).rejects.toThrow(/is sealed/)
  await expect(attempt('update hub.audit_event set seq = null where id = $1')).rejects.toThrow(/is sealed/)
})
