import { randomBytes } from 'node:crypto'
import type { RequestContext, StreamItem, Visible } from '@freehold/authz/request'
import { type Database, EpochMoved, type Scope, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { readRun } from '@freehold/workflow'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { insertAuditEvent, readAuditEvent } from '../audit/index.ts'
import { eventsHandlers } from './index.ts'

let postgres: TestDatabase
let database: Database

beforeAll(async () => {
  postgres = await createTestDatabase()
  database = postgres.database
})
afterAll(() => postgres.drop())

type Access = { visible: Visible; onRenew?: () => void; onRead?: () => void }

/** Opens a stream for somebody and collects what it sends, until `close`. */
function listen(access: Access) {
  const { notifications, reads } = database
  const ctx = {
    renew: async () => {
      access.onRenew?.()
      return ctx
    },
    visible: async () => access.visible,
    reading: (scope: Scope) => {
      access.onRead?.()
      return reads.under(scope)
    },
  } as unknown as RequestContext
  const abort = new AbortController()
  const items: StreamItem[] = []
  const ended = eventsHandlers({ notifications, readAuditEvent, readRun })
    .streamEvents(ctx, { params: {}, query: {}, body: undefined })
    .then(async (open) => {
      for await (const item of open(abort.signal, null)) items.push(item)
    })
  ended.catch(() => undefined)
  const ids = () => items.map((item) => (item.data as { id?: string }).id)
  const close = async () => {
    abort.abort()
    await ended
  }
  return { items, ids, ended, close }
}

/** For conditions whose time depends on the machine. */
const patient = { timeout: 20_000, interval: 20 }
const nothing: Visible = { workspaceIds: [], accountIds: [], readableAccountIds: [], accountPermissions: new Map(), withheldAccounts: 0 }

async function insertEvent(tx: Tx, chain: { kind: 'workspace' | 'account' | 'user'; id: string }, accountId: string): Promise<string> {
  const id = newId()
  const resource = { kind: chain.kind, id: chain.id, label: '' }
  await insertAuditEvent(tx, {
    id,
    chain,
    accountId,
    at: new Date(),
    actor: resource,
    action: 'workspace.update',
    resource,
    requestId: null,
    ip: null,
  })
  return id
}

const inWorkspace = (id: string, accountId = newId()) =>
  database.writes.transaction({ workspaceId: id }, (tx) => insertEvent(tx, { kind: 'workspace', id }, accountId))
const inAccount = (id: string) => database.writes.transaction({ accountId: id }, (tx) => insertEvent(tx, { kind: 'account', id }, id))

async function insertRun(tx: Tx, workspaceId: string, accountId: string): Promise<string> {
  const id = newId()
  const sql = (text: string, values: unknown[]) => tx.sql({ name: '', text, values })
  const slug = randomBytes(6).toString('hex')
  await insertEvent(tx, { kind: 'workspace', id: workspaceId }, accountId)
  await sql(`insert into hub.account (id, name, slug, created_at, updated_at) values ($1, 'An account', $2, now(), now())`, [
    accountId,
    slug,
  ])
  await sql(
    `insert into hub.workspace (id, account_id, name, slug, status, region, tenancy_model, created_at, updated_at)
     values ($1, $2, 'A workspace', $3, 'active', 'local', 'shared', now(), now())`,
    [workspaceId, accountId, slug],
  )
  await sql(
    `insert into hub.saga_run (id, saga, workspace_id, account_id, input, status, created_at) values ($1, 'a.saga', $2, $3, '{}', 'running', now())`,
    [id, workspaceId, accountId],
  )
  await sql(`insert into hub.saga_step (workspace_id, run_id, position, name, status) values ($1, $2, 0, 'a_step', 'running')`, [
    workspaceId,
    id,
  ])
  return id
}

function tell(notification: object): Promise<unknown> {
  const statement = { name: '', text: `select pg_notify('freehold', $1)`, values: [JSON.stringify(notification)] }
  return database.writes.transaction({ proof: {} }, (tx) => tx.sql(statement))
}

test('each event of what the caller may read comes once, soon after its commit, and nothing else does', async () => {
  const [granted, ofAccount, foreign, account, readable] = [newId(), newId(), newId(), newId(), newId()]
  const client = listen({
    visible: {
      workspaceIds: [granted],
      accountIds: [account],
      readableAccountIds: [readable],
      accountPermissions: new Map(),
      withheldAccounts: 0,
    },
  })
  const expected: string[] = []
  for (let round = 0; round < 3; round++) {
    expected.push(await inWorkspace(granted))
    await inWorkspace(foreign)
    expected.push(await inWorkspace(ofAccount, account))
    await inAccount(account)
    await database.writes.transaction({ principalId: foreign }, (tx) => insertEvent(tx, { kind: 'user', id: foreign }, account))
    expected.push(await inAccount(readable))
  }
  await vi.waitFor(() => expect(client.ids()).toEqual(expected), { timeout: 1000, interval: 10 })
  expect(client.items[0]).toMatchObject({ event: 'audit', data: { workspace_id: granted, action: 'workspace.update', seq: null } })
  await client.close()
})

test('a burst reaches the client whole and in order', async () => {
  const workspaceId = newId()
  const client = listen({ visible: { ...nothing, workspaceIds: [workspaceId] } })
  const ids = await database.writes.transaction({ workspaceId }, async (tx) => {
    const inserted: string[] = []
    for (let at = 0; at < 200; at++) inserted.push(await insertEvent(tx, { kind: 'workspace', id: workspaceId }, newId()))
    return inserted
  })
  await vi.waitFor(() => expect(client.ids()).toEqual(ids), patient)
  await client.close()
})

test('over 1000 that wait become a resync', async () => {
  const workspaceId = newId()
  const client = listen({ visible: { ...nothing, workspaceIds: [workspaceId] } })
  await database.writes.transaction({ workspaceId }, async (tx) => {
    for (let at = 0; at < 2500; at++) await insertEvent(tx, { kind: 'workspace', id: workspaceId }, newId())
  })
  await vi.waitFor(() => expect(client.items).toContainEqual({ event: 'resync', data: {} }), patient)
  const last = await inWorkspace(workspaceId)
  await vi.waitFor(() => expect(client.ids().at(-1)).toBe(last), patient)
  await client.close()
})

test('a run comes whole after each change, to who sees its workspace', async () => {
  const [workspaceId, accountId] = [newId(), newId()]
  const id = await database.writes.transaction({ workspaceId, accountId }, (tx) => insertRun(tx, workspaceId, accountId))
  const admin = listen({ visible: { ...nothing, accountIds: [accountId] } })
  const viewer = listen({ visible: { ...nothing, workspaceIds: [workspaceId] } })
  const stranger = listen({
    visible: {
      workspaceIds: [newId()],
      accountIds: [newId()],
      readableAccountIds: [accountId],
      accountPermissions: new Map(),
      withheldAccounts: 0,
    },
  })
  const own = await inAccount(accountId)
  await tell({ kind: 'run', id, workspace_id: workspaceId, account_id: accountId })
  for (const client of [admin, viewer]) {
    await vi.waitFor(
      () => expect(client.items.at(-1)).toMatchObject({ event: 'run', data: { id, status: 'running', steps: [{ name: 'a_step' }] } }),
      patient,
    )
  }
  await vi.waitFor(() => expect(stranger.ids()).toEqual([own]), patient)
  await Promise.all([admin, viewer, stranger].map((client) => client.close()))
})

test('a notification that names the wrong place leads nowhere', async () => {
  const [foreign, mine, account] = [newId(), newId(), newId()]
  const client = listen({
    visible: {
      workspaceIds: [mine],
      accountIds: [account],
      readableAccountIds: [account],
      accountPermissions: new Map(),
      withheldAccounts: 0,
    },
  })
  const id = await inWorkspace(foreign)
  await tell({ kind: 'audit', id, workspace_id: mine })
  await tell({ kind: 'audit', id, account_id: account })
  await tell({ kind: 'audit', id, workspace_id: foreign, account_id: account })
  const own = await inWorkspace(mine)
  await vi.waitFor(() => expect(client.ids()).toEqual([own]), patient)
  await client.close()
})

test('access is decided anew for each event: what is lost is not sent but told by a resync, a refusal ends the stream', async () => {
  const workspaceId = newId()
  const access: Access = { visible: { ...nothing, workspaceIds: [workspaceId] } }
  const client = listen(access)
  const first = await inWorkspace(workspaceId)
  await vi.waitFor(() => expect(client.ids()).toEqual([first]))

  const other = newId()
  access.visible = { ...nothing, workspaceIds: [other] }
  await inWorkspace(workspaceId)
  const second = await inWorkspace(other)
  await vi.waitFor(() => expect(client.ids()).toEqual([first, undefined, second]))
  expect(client.items[1]).toEqual({ event: 'resync', data: {} })

  access.onRenew = () => {
    throw new Error('refused')
  }
  await inWorkspace(other)
  await expect(client.ended).rejects.toThrow('refused')
  expect(client.ids()).toEqual([first, undefined, second])
})

test('a gate that moves under a read has the caller decided about again', async () => {
  const workspaceId = newId()
  let reads = 0
  const client = listen({
    visible: { ...nothing, workspaceIds: [workspaceId] },
    onRead: () => {
      if (reads++ === 0) throw new EpochMoved('moved')
    },
  })
  const id = await inWorkspace(workspaceId)
  await vi.waitFor(() => expect(client.ids()).toEqual([id]))
  expect(reads).toBe(2)
  await client.close()
})

test('after the database was away the client is told to read again', async () => {
  const client = listen({ visible: nothing })
  await database.writes.transaction({ proof: {} }, (tx) =>
    tx.sql({
      name: '',
      text: `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'freehold-listen' and datname = current_database()`,
      values: [],
    }),
  )
  await vi.waitFor(() => expect(client.items).toEqual([{ event: 'resync', data: {} }]), patient)
  await client.close()
})
