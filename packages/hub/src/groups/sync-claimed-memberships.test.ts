import { build, type Database, type Scope, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertAuditEvent } from '../audit/index.ts'
import { openGate } from '../gates/index.ts'
import { insertRelationship } from '../relationships/index.ts'
import { syncClaimedMemberships } from './index.ts'

let postgres: TestDatabase
let database: Database
const now = new Date('2026-03-04T05:06:07.089Z')
const [acme, rival] = [newId(), newId()]
const groups: Record<string, string> = {}

beforeAll(async () => {
  postgres = await createTestDatabase()
  database = postgres.database
  await account(acme, { ops: 'Operations', ops2: 'Operations', dev: 'dev', 'no claim': null, tricky: `'"]}, {\\` })
  await account(rival, { 'rival ops': 'Operations', 'rival dev': 'dev' })
})
afterAll(() => postgres.drop())

/** Whatever a test makes is recorded as made by it. */
function recorded(scope: Scope, fn: (tx: Tx) => Promise<void>, chain: { kind: 'account' | 'user'; id: string }): Promise<void> {
  return database.writes.transaction(scope, async (tx) => {
    await fn(tx)
    const thing = { kind: chain.kind, id: chain.id, label: 'test' }
    const more = { at: now, action: 'account.update' as const, requestId: null, ip: null }
    await insertAuditEvent(tx, { id: newId(), chain, actor: thing, resource: thing, ...more })
  })
}

function account(accountId: string, named: Record<string, string | null>): Promise<void> {
  const times = { created_at: now, updated_at: now }
  return recorded(
    { accountId },
    async (tx) => {
      await tx.run(build.insertInto('hub.account').values({ id: accountId, name: 'Account', slug: `a${accountId}`, ...times }))
      await openGate(tx, 'account', accountId)
      for (const [name, claimValue] of Object.entries(named)) {
        const id = newId()
        groups[name] = id
        await tx.run(build.insertInto('hub.user_group').values({ id, account_id: accountId, name, claim_value: claimValue, ...times }))
        await openGate(tx, 'group', id)
        const tuple = { resource: { type: 'group', id }, relation: 'account', subject: { type: 'account', id: accountId } }
        await insertRelationship(tx, { ...tuple, expiresAt: null, createdAt: now, createdBy: null })
      }
    },
    { kind: 'account', id: accountId },
  )
}

async function person(): Promise<string> {
  const id = newId()
  await recorded(
    { principalId: id },
    async (tx) => {
      await tx.run(build.insertInto('hub.app_user').values({ id, name: 'Kim', created_at: now, updated_at: now }))
      await openGate(tx, 'user', id)
    },
    { kind: 'user', id },
  )
  return id
}

function putIn(userId: string, name: string, accountId = acme): Promise<void> {
  return recorded({ accountId }, (tx) => insertRelationship(tx, { ...membership(userId, name), createdAt: now, createdBy: null }), {
    kind: 'account',
    id: accountId,
  })
}

const membership = (userId: string, name: string) => ({
  resource: { type: 'group', id: groups[name]! },
  relation: 'member',
  subject: { type: 'user', id: userId },
  expiresAt: null,
})

const signIn = (userId: string, claimValues: string[]) =>
  database.writes.transaction({ principalId: userId }, (tx) => syncClaimedMemberships(tx, { userId, claimValues, now }))

/** The groups that a person is in: by name, with what put them there. */
async function groupsOf(userId: string): Promise<Record<string, string>> {
  const rows = await database.reads
    .under({ proof: { object_ids: userId } })
    .rows(build.selectFrom('hub.relationship').select(['resource_id', 'source']).where('subject_id', '=', userId))
  const nameOf = (id: string) => Object.keys(groups).find((name) => groups[name] === id)!
  return Object.fromEntries(rows.map((row) => [nameOf(row.resource_id), row.source]))
}

async function events(accountId: string, userId: string) {
  const rows = await database.reads
    .under({ accountId })
    .rows(
      build
        .selectFrom('hub.audit_event')
        .select(['action', 'actor_kind', 'before', 'after'])
        .where('chain_id', '=', accountId)
        .where('resource_id', '=', userId)
        .orderBy('id'),
    )
  return rows.map(({ action, actor_kind: actor, before, after }) => ({
    action,
    actor,
    left: namesIn(before?.['left']),
    joined: namesIn(after?.['joined']),
  }))
}
const namesIn = (listed: unknown) => (listed as { name: string }[]).map(({ name }) => name).toSorted()

async function epochs(ids: string[]): Promise<number[]> {
  const rows = await database.reads.under({ raises: ids, proof: {} }).rows(build.selectFrom('hub.gate').select(['id', 'epoch']))
  return ids.map((id) => Number(rows.find((row) => row.id === id)!.epoch))
}

test('AM-12 signing in joins the groups of every account that a claim names, one event each, and moves their gates', async () => {
  const userId = await person()
  const gates = [userId, groups['ops']!, groups['ops2']!, groups['rival ops']!]
  const before = await epochs(gates)
  await signIn(userId, ['Operations', 'unknown', 'Operations'])
  expect(await groupsOf(userId)).toEqual({ ops: 'claim', ops2: 'claim', 'rival ops': 'claim' })
  expect(await events(acme, userId)).toEqual([{ action: 'group.sync', actor: 'system', left: [], joined: ['ops', 'ops2'] }])
  expect(await events(rival, userId)).toEqual([{ action: 'group.sync', actor: 'system', left: [], joined: ['rival ops'] }])
  expect((await epochs(gates)).map((epoch, index) => epoch > before[index]!)).toEqual([true, true, true, true])
})

test('AM-12 a claim that is gone ends what it gave, and an unchanged sign-in changes and records nothing', async () => {
  const userId = await person()
  await signIn(userId, ['Operations', 'dev'])
  const before = await epochs([userId, groups['ops']!])
  await signIn(userId, ['dev', 'Operations'])
  expect(await epochs([userId, groups['ops']!])).toEqual(before)
  expect(await events(rival, userId)).toHaveLength(1)

  await signIn(userId, ['dev'])
  expect(await groupsOf(userId)).toEqual({ dev: 'claim', 'rival dev': 'claim' })
  expect((await events(acme, userId)).at(-1)).toMatchObject({ left: ['ops', 'ops2'], joined: [] })
  expect((await events(rival, userId)).at(-1)).toMatchObject({ left: ['rival ops'], joined: [] })
  const [userEpoch, groupEpoch] = await epochs([userId, groups['ops']!])
  expect([userEpoch! > before[0]!, groupEpoch! > before[1]!]).toEqual([true, true])

  await signIn(userId, [])
  expect(await groupsOf(userId)).toEqual({})
})

test('AM-12 what was put in by hand stays, whatever the claims say', async () => {
  const userId = await person()
  await putIn(userId, 'ops')
  await putIn(userId, 'no claim')
  await signIn(userId, ['Operations'])
  expect(await groupsOf(userId)).toEqual({ 'no claim': 'direct', ops: 'direct', ops2: 'claim', 'rival ops': 'claim' })
  await signIn(userId, [])
  expect(await groupsOf(userId)).toEqual({ 'no claim': 'direct', ops: 'direct' })
})

test('AM-12 another claim of a group counts from the next sign-in on, and nobody else is touched', async () => {
  const [userId, other] = [await person(), await person()]
  for (const id of [userId, other]) await signIn(id, ['dev'])
  const change = (claimValue: string) =>
    recorded(
      { accountId: acme },
      async (tx) => {
        await tx.run(build.updateTable('hub.user_group').set({ claim_value: claimValue }).where('id', '=', groups['dev']!))
      },
      { kind: 'account', id: acme },
    )
  await change('engineering')
  expect(await groupsOf(userId)).toEqual({ dev: 'claim', 'rival dev': 'claim' })
  await signIn(userId, ['dev'])
  expect(await groupsOf(userId)).toEqual({ 'rival dev': 'claim' })
  expect(await groupsOf(other)).toEqual({ dev: 'claim', 'rival dev': 'claim' })
  await change('dev')
})

test('AM-12 claims of any text match whole values only', async () => {
  const userId = await person()
  await signIn(userId, [`'"]}, {\\`, 'Operation', 'operations', '', 'dev\0', '%', 'x'.repeat(10_000)])
  expect(await groupsOf(userId)).toEqual({ tricky: 'claim' })
})

test('AM-12 sign-ins of one person at the same moment end in one membership and one event each', async () => {
  const userId = await person()
  await Promise.all(Array.from({ length: 6 }, () => signIn(userId, ['Operations'])))
  expect(await groupsOf(userId)).toEqual({ ops: 'claim', ops2: 'claim', 'rival ops': 'claim' })
  expect(await events(acme, userId)).toHaveLength(1)
  expect(await events(rival, userId)).toHaveLength(1)
})

test('the transaction goes on in the scope that it had', async () => {
  const userId = await person()
  await database.writes.transaction({ principalId: userId, proof: { email: 'kim@example.test' } }, async (tx) => {
    await syncClaimedMemberships(tx, { userId, claimValues: ['dev'], now })
    expect(tx.scope).toMatchObject({ principalId: userId, proof: { email: 'kim@example.test' } })
    expect(tx.scope.accountId).toBe(undefined)
    expect(await tx.rows(build.selectFrom('hub.user_group').select('id'))).toEqual([])
    expect(await tx.rows(build.selectFrom('hub.app_user').select('id'))).toEqual([{ id: userId }])
  })
})
