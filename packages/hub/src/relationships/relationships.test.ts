import { AuthzError, type Relationship } from '@freehold/authz'
import { type Database, build, EpochMoved, type Gate, type Scope, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertAuditEvent } from '../audit/index.ts'
import { openGate } from '../gates/index.ts'
import { deleteRelationship, insertRelationship } from './index.ts'

let postgres: TestDatabase
let database: Database
const [workspaceId, userId, keyId] = [newId(), newId(), newId()]
const now = new Date('2026-01-01T00:00:00.000Z')
beforeAll(async () => {
  postgres = await createTestDatabase()
  database = postgres.database
  await database.writes.transaction({ workspaceId }, async (tx) => {
    await openGate(tx, 'workspace', workspaceId)
    await openGate(tx, 'user', userId)
  })
})
afterAll(() => postgres.drop())

const tuple = (relation: string, subject: { type: string; id: string }): Relationship => ({
  resource: { type: 'workspace', id: workspaceId },
  relation,
  subject,
  expiresAt: null,
})
const user = { type: 'user', id: userId }
const made = { createdAt: now, createdBy: null }
const gates = (): Promise<Gate[]> =>
  database.reads
    .under({ workspaceId })
    .rows(build.selectFrom('hub.gate').select(['id', 'epoch']).where('id', 'in', [workspaceId, userId]).orderBy('kind'))
const epochs = async () => (await gates()).map((gate) => Number(gate.epoch)) // user, workspace
const relations = async () =>
  (await database.reads.under({ workspaceId }).rows(build.selectFrom('hub.relationship').select('relation').orderBy('relation'))).map(
    (row) => row.relation,
  )

function recorded<R>(fn: (tx: Tx) => Promise<R>, scope: Scope = { workspaceId }): Promise<R> {
  return database.writes.transaction(scope, async (tx) => {
    const result = await fn(tx)
    const thing = { kind: 'workspace', id: workspaceId, label: 'Quarry' }
    const chain = { kind: 'workspace' as const, id: workspaceId }
    const event = { id: newId(), chain, workspaceId, at: now, actor: thing, action: 'workspace.update' as const, resource: thing }
    await insertAuditEvent(tx, { ...event, requestId: null, ip: null })
    return result
  })
}

test('a tuple raises the gates of its resource and its subject once, when it comes and when it goes', async () => {
  const [userEpoch = 0, workspaceEpoch = 0] = await epochs()
  const before = await gates()
  await recorded((tx) => insertRelationship(tx, { ...tuple('edit', user), ...made }, { ...tuple('view', user), ...made }), {
    workspaceId,
    gates: before,
  })
  expect(await relations()).toEqual(['edit', 'view'])
  expect(await epochs()).toEqual([userEpoch + 1, workspaceEpoch + 1])
  await expect(
    database.reads.under({ workspaceId, gates: before }).rows(build.selectFrom('hub.installation').select('id')),
  ).rejects.toBeInstanceOf(EpochMoved)

  expect(await recorded((tx) => deleteRelationship(tx, tuple('edit', user)))).toBe(true)
  expect(await relations()).toEqual(['view'])
  expect(await epochs()).toEqual([userEpoch + 2, workspaceEpoch + 2])
  expect(await recorded((tx) => deleteRelationship(tx, tuple('edit', user)))).toBe(false)
  expect(await epochs()).toEqual([userEpoch + 2, workspaceEpoch + 2])
  await recorded((tx) => deleteRelationship(tx, tuple('view', user)))
})

test("an API key's tuple raises the gate of its workspace", async () => {
  const [userEpoch = 0, workspaceEpoch = 0] = await epochs()
  const key = tuple('admin', { type: 'api_key', id: keyId })
  await recorded((tx) => insertRelationship(tx, { ...key, ...made }))
  expect(await epochs()).toEqual([userEpoch, workspaceEpoch + 1])
  await recorded((tx) => deleteRelationship(tx, key))
})

test('AM-04 a tuple that the schema does not allow is not stored: no key is an owner', async () => {
  const owner = { ...tuple('owner', { type: 'api_key', id: keyId }), ...made }
  await expect(recorded((tx) => insertRelationship(tx, owner))).rejects.toBeInstanceOf(AuthzError)
  expect(await relations()).toEqual([])
})

test("another workspace's scope can store no tuple of this one", async () => {
  const foreign = { workspaceId: newId() }
  const stored = database.writes.transaction(foreign, (tx) => insertRelationship(tx, { ...tuple('edit', user), ...made }))
  await expect(stored).rejects.toThrow('row-level security')
})
