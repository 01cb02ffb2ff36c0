import { formatRelationship, PermissionsUnavailable } from '@freehold/authz'
import type { RelationshipChange } from '@freehold/authz/spicedb'
import { build, type Tx } from '@freehold/db'
import { newId, systemClock as clock } from '@freehold/kit'
import { createTestDatabase, type TestDatabase, waitFor } from '@freehold/testing'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openGate } from '../gates/index.ts'
import { createDelivery, startKeeping, stopKeeping } from './index.ts'

let postgres: TestDatabase
let superuser: pg.Client
const [workspaceId, userId, otherId] = [newId(), newId(), newId()]

/** What SpiceDB is told, each write as one list, and how it answers. */
const told: string[][] = []
let answer: (changes: readonly RelationshipChange[]) => Promise<void>
const spicedb = {
  async write(changes: readonly RelationshipChange[]) {
    await answer(changes)
    told.push(changes.map(({ op, tuple }) => `${op} ${tuple.relation} ${tuple.subject.id}`))
    return `token ${told.length}`
  },
}

beforeAll(async () => {
  postgres = await createTestDatabase()
  superuser = new pg.Client({ connectionString: postgres.superuserUrl })
  await superuser.connect()
  await postgres.database.writes.transaction({ workspaceId }, async (tx) => {
    await openGate(tx, 'workspace', workspaceId)
    for (const id of [userId, otherId]) await openGate(tx, 'user', id)
  })
  await startKeeping({ ...postgres.database, clock })
})
beforeEach(async () => {
  told.length = 0
  answer = async () => undefined
  await superuser.query("begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  await superuser.query('delete from hub.relationship; delete from hub.relationship_outbox; commit')
})
afterAll(async () => {
  await superuser.end()
  await postgres.drop()
})

const logger = { error: () => undefined, warn: () => undefined }
const newDelivery = () => createDelivery({ ...postgres.database, spicedb, prepare: async () => undefined, logger })
const insert = (relation: string, subject = userId) =>
  `insert into hub.relationship (resource_type, resource_id, relation, subject_type, subject_id, created_at)
   values ('workspace', '${workspaceId}', '${relation}', 'user', '${subject}', now())`
const remove = (relation: string, subject = userId) =>
  `delete from hub.relationship where resource_id = '${workspaceId}' and relation = '${relation}' and subject_id = '${subject}'`

/** One transaction, which marks itself as recorded. */
async function change(...statements: string[]): Promise<void> {
  await superuser.query(
    ['begin', "select set_config('app.recorded_by', pg_current_xact_id()::text, true)", ...statements, 'commit'].join('; '),
  )
}
const gates = async () => {
  const rows = await postgres.database.reads
    .under({ workspaceId })
    .rows(
      build.selectFrom('hub.gate').select(['id', 'epoch', 'zed_token', 'zed_delivery']).where('id', 'in', [workspaceId, userId, otherId]),
    )
  return new Map(rows.map((row) => [row.id, row]))
}
const pending = async () => Number((await superuser.query('select count(*) from hub.relationship_outbox')).rows[0].count)

test('a delivery stores its token on the gates that it is about, raises them, and forgets the changes', async () => {
  const before = await gates()
  await change(insert('view'))
  await newDelivery().deliver()
  const after = await gates()
  expect(told).toEqual([[`touch view ${userId}`]])
  for (const id of [workspaceId, userId]) {
    expect(after.get(id)).toMatchObject({ epoch: String(Number(before.get(id)!.epoch) + 1), zed_token: 'token 1' })
  }
  expect(after.get(otherId)).toEqual(before.get(otherId))
  expect(await pending()).toBe(0)

  await change(remove('view'))
  await newDelivery().deliver()
  const later = await gates()
  expect(later.get(userId)).toMatchObject({ zed_token: 'token 2' })
  expect(Number(later.get(userId)!.zed_delivery)).toBeGreaterThan(Number(after.get(userId)!.zed_delivery))
})

test('of several changes of one tuple SpiceDB hears the last, and of a transaction it hears all at once', async () => {
  await change(insert('view'))
  await change(remove('view'))
  await change(insert('view'), insert('edit', otherId))
  await change(remove('view'), insert('admin'))
  await newDelivery().deliver()
  expect(told.map((changes) => changes.toSorted())).toEqual([
    [`delete view ${userId}`, `touch admin ${userId}`, `touch edit ${otherId}`].toSorted(),
  ])
})

test('a transaction that does not fit what is left of a write goes whole with the next', async () => {
  const many = (count: number) =>
    `insert into hub.relationship (resource_type, resource_id, relation, subject_type, subject_id, created_at)
     select 'workspace', '${workspaceId}', 'view', 'user', gen_random_uuid(), now() from generate_series(1, ${count})`
  await change(many(600))
  await change(many(600))
  await change(many(1500))
  await newDelivery().deliver()
  expect(told.map((changes) => changes.length)).toEqual([600, 600, 1000, 500])
})

test('what SpiceDB does not take stays, in order, and nothing about it is forgotten or raised', async () => {
  answer = () => Promise.reject(new PermissionsUnavailable('away', 'not now'))
  await change(insert('view'))
  const before = await gates()
  const delivery = newDelivery()
  await expect(delivery.deliver()).rejects.toBeInstanceOf(PermissionsUnavailable)
  await expect(delivery.settle()).rejects.toBeInstanceOf(PermissionsUnavailable)
  expect(await pending()).toBe(1)
  expect(await gates()).toEqual(before)
  await change(insert('edit'))
  answer = async () => undefined
  await delivery.deliver()
  expect(told).toEqual([[`touch view ${userId}`, `touch edit ${userId}`]])
})

test('a started delivery takes what waited and what is committed later, and goes on by itself after an outage', async () => {
  await change(insert('view'))
  const delivery = newDelivery()
  delivery.start()
  try {
    await waitFor(pending, (count) => count === 0)
    let isAway = true
    answer = async () => {
      if (isAway) throw new PermissionsUnavailable('away', 'not now')
    }
    await change(insert('edit'))
    await expect(delivery.deliver()).rejects.toThrow('not now')
    isAway = false
    await waitFor(pending, (count) => count === 0)
    expect(told.flat()).toEqual([`touch view ${userId}`, `touch edit ${userId}`])
  } finally {
    await delivery.stop()
  }
})

test('several processes at once end where the database is, whatever the order in which they come', async () => {
  const state = new Set<string>()
  answer = async (changes) => {
    for (const { op, tuple } of changes) {
      if (op === 'touch') state.add(formatRelationship(tuple))
      else state.delete(formatRelationship(tuple))
    }
  }
  const deliveries = [newDelivery(), newDelivery(), newDelivery()]
  const relations = ['view', 'edit', 'admin']
  const present = new Set<string>()
  for (let round = 0; round < 40; round++) {
    const relation = relations[round % relations.length]!
    await change(present.has(relation) ? remove(relation) : insert(relation))
    if (!present.delete(relation)) present.add(relation)
    if (round % 4 === 3) await Promise.all(deliveries.map((delivery) => delivery.deliver()))
  }
  await Promise.all(deliveries.map((delivery) => delivery.deliver()))
  expect([...state].toSorted()).toEqual([...present].map((relation) => `workspace:${workspaceId}#${relation}@user:${userId}`).toSorted())
  expect(await pending()).toBe(0)
})

test('a transaction knows whether it has changed relationships', async () => {
  const delivery = newDelivery()
  const asked: boolean[] = []
  const attempt = (act: (tx: Tx) => Promise<unknown>) =>
    postgres.database.writes.transaction({ workspaceId }, async (tx) => {
      await act(tx)
      asked.push(await delivery.hasChanged(tx))
      throw new Error('undone')
    })
  await change(insert('view', otherId))
  await expect(attempt(async () => undefined)).rejects.toThrow('undone')
  await expect(attempt((tx) => tx.sql({ name: '', text: insert('view'), values: [] }))).rejects.toThrow('undone')
  expect(asked).toEqual([false, true])
})

test('GF-25 the application cannot tell SpiceDB of what has not happened to a tuple', async () => {
  const forged = `insert into hub.relationship_outbox (op, resource_type, resource_id, relation, subject_type, subject_id, subject_relation)
    values ('touch', 'workspace', '${workspaceId}', 'owner', 'user', '${otherId}', '')`
  await expect(
    postgres.database.writes.transaction({ workspaceId }, (tx) => tx.sql({ name: '', text: forged, values: [] })),
  ).rejects.toThrow('row-level security')
})

test('nothing is kept where there is no SpiceDB', async () => {
  await change(insert('view'))
  await stopKeeping(postgres.database)
  expect(await pending()).toBe(0)
  await change(insert('edit'))
  expect(await pending()).toBe(0)
  await startKeeping({ ...postgres.database, clock })
})
