import type { InputOf } from '@freehold/authz/request'
import type { AuditAction, AuditEvent } from '@freehold/contract'
import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountChain, openWorld, workspaceChain, type World } from './test-fixtures/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

type Query = InputOf<'listWorkspaceAudit'>['query']
const list = async (workspaceId: string, query: Query = {}) => {
  const page = await world.handlers.listWorkspaceAudit(world.context({ workspaceId }), {
    params: { workspace_id: workspaceId },
    query,
    body: undefined,
  })
  return { ids: page.items.map((event) => event.id), items: page.items, next: page.next }
}
const listAccount = async (accountId: string, permissions: string[]) => {
  const ctx = world.context({ accountId, permissions })
  const page = await world.handlers.listAccountAudit(ctx, { params: { account_id: accountId }, query: {}, body: undefined })
  return page.items.map((event) => event.action)
}

test('GF-13 a feed shows actor, action, resource, time, before, after and request id, newest first', async () => {
  const chain = workspaceChain(newId())
  const accountId = newId()
  const event = {
    at: new Date('2026-01-02T03:04:05.678Z'),
    actor: { kind: 'user', id: newId(), label: 'Somebody' },
    action: 'workspace.freeze' as const,
    resource: { kind: 'workspace', id: chain.id, label: 'A workspace' },
    before: { status: 'active' },
    after: { status: 'frozen' },
    requestId: 'request',
    ip: '192.0.2.1',
  }
  const first = await world.insert({ chain, accountId, ...event })
  const second = await world.insert({ chain })
  const { requestId, ...shown } = event
  const { items } = await list(chain.id)
  expect(items[0]).toMatchObject({ id: second, seq: null })
  expect(items[1]).toEqual({
    ...shown,
    id: first,
    at: '2026-01-02T03:04:05.678Z',
    request_id: requestId,
    workspace_id: chain.id,
    account_id: accountId,
    seq: null,
  })
  await world.sealer.sealPending()
  expect((await list(chain.id)).items.map((item) => item.seq)).toEqual([2, 1])
})

test('GF-13 a feed holds nothing of another workspace', async () => {
  const [mine, foreign] = [newId(), newId()]
  await world.insert({ chain: workspaceChain(foreign) })
  const own = await world.insert({ chain: workspaceChain(mine) })
  expect((await list(mine)).ids).toEqual([own])
})

test('PR-08 a feed is filtered by actor, action, resource and time', async () => {
  const chain = workspaceChain(newId())
  const actor = { kind: 'user', id: newId(), label: '' }
  const key = { kind: 'api_key', id: newId(), label: 'A key' }
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute))
  const freeze = await world.insert({ chain, action: 'workspace.freeze', at: at(1), actor })
  const create = await world.insert({ chain, action: 'api_key.create', at: at(2), resource: key })
  const revoke = await world.insert({ chain, action: 'api_key.revoke', at: at(3), actor, resource: key })
  const found = async (query: Query) => (await list(chain.id, query)).ids

  expect(await found({ actor: actor.id })).toEqual([revoke, freeze])
  expect(await found({ action: 'api_key.create' })).toEqual([create])
  expect(await found({ action: 'api_key.' })).toEqual([revoke, create])
  expect(await found({ action: 'api_key' })).toEqual([])
  expect(await found({ action: 'api%.' })).toEqual([])
  expect(await found({ resource: 'api_key' })).toEqual([revoke, create])
  expect(await found({ resource: key.id })).toEqual([revoke, create])
  expect(await found({ resource: key.id.toUpperCase() })).toEqual([revoke, create])
  expect(await found({ resource: `api_key:${key.id}` })).toEqual([revoke, create])
  expect(await found({ resource: `workspace:${key.id}` })).toEqual([])
  expect(await found({ since: at(2).toISOString() })).toEqual([revoke, create])
  expect(await found({ until: at(2).toISOString() })).toEqual([freeze])
  expect(await found({ since: at(1).toISOString(), until: at(3).toISOString(), resource: 'api_key', action: 'api_key.' })).toEqual([create])
})

test('pages follow one another without gap or repetition while events are added', async () => {
  const chain = workspaceChain(newId())
  const expected: string[] = []
  for (let at = 0; at < 7; at++) expected.unshift(await world.insert({ chain, action: 'workspace.update' }))
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: { ids: string[]; next: string | null } = await list(chain.id, {
      limit: 3,
      action: 'workspace.',
      ...(cursor !== null && { cursor }),
    })
    seen.push(...page.ids)
    cursor = page.next
    await world.insert({ chain })
  } while (cursor !== null)
  expect(seen).toEqual(expected)
  await expect(list(chain.id, { cursor: 'bm90IGFuIGlk' })).rejects.toMatchObject({ code: 'invalid_request' })
})

test('GF-13 a plain member of an account does not learn of its workspaces from its feed', async () => {
  const accountId = newId()
  const inWorkspace = (action: AuditAction) => world.insert({ chain: workspaceChain(newId()), accountId, action })
  await world.insert({ chain: accountChain(accountId), action: 'account.update' })
  await inWorkspace('workspace.create')
  await inWorkspace('provisioning_run.stall')
  await inWorkspace('api_key.create')
  await world.insert({ chain: workspaceChain(newId()), accountId: newId(), action: 'workspace.create' })
  await world.insert({ chain: { kind: 'user', id: newId() }, accountId, action: 'workspace.create' })

  expect(await listAccount(accountId, ['read'])).toEqual(['account.update'])
  expect(await listAccount(accountId, ['read', 'administer'])).toEqual(['provisioning_run.stall', 'workspace.create', 'account.update'])
})

test('the activity is the newest of all that is visible, and of nothing else', async () => {
  const [account, readable, foreignAccount] = [newId(), newId(), newId()]
  const [granted, ofAccount, both, foreign] = [newId(), newId(), newId(), newId()]
  const expected: string[] = []
  for (let round = 0; round < 3; round++) {
    const ids = [
      await world.insert({ chain: workspaceChain(granted), accountId: readable }),
      await world.insert({ chain: workspaceChain(ofAccount), accountId: account }),
      await world.insert({ chain: workspaceChain(both), accountId: account }),
      await world.insert({ chain: accountChain(readable) }),
    ]
    expected.unshift(...ids.reverse())
    await world.insert({ chain: workspaceChain(foreign), accountId: readable })
    await world.insert({ chain: accountChain(account) })
    await world.insert({ chain: accountChain(foreignAccount) })
    await world.insert({ chain: { kind: 'user', id: newId() }, accountId: account })
  }
  const visible = { workspaceIds: [granted, both], accountIds: [account], readableAccountIds: [readable] }
  const activity = (query: Query) =>
    world.handlers.listActivity(world.context({ accountId: newId(), visible }), { params: {}, query, body: undefined })

  expect((await activity({})).items.map((event: AuditEvent) => event.id)).toEqual(expected)
  const first = await activity({ limit: 5 })
  const second = await activity({ limit: 100, cursor: first.next! })
  expect([...first.items, ...second.items].map((event) => event.id)).toEqual(expected)
  expect((await activity({ action: 'api_key.' })).items).toEqual([])
})

test('who sees nothing gets an empty activity', async () => {
  const page = await world.handlers.listActivity(world.context({ accountId: newId() }), { params: {}, query: {}, body: undefined })
  expect(page).toEqual({ items: [], next: null })
})
