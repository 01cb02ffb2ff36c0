import { type Database, build, EpochMoved, type Gate } from '@freehold/db'
import { newId } from '@freehold/kit'
import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGate, raiseGates } from './index.ts'

let postgres: TestDatabase
let database: Database
beforeAll(async () => {
  postgres = await createTestDatabase()
  database = postgres.database
})
afterAll(() => postgres.drop())

const principalId = newId()
const epochs = async (ids: string[]): Promise<Gate[]> =>
  database.reads.under({ principalId }).rows(build.selectFrom('hub.gate').select(['id', 'epoch']).where('id', 'in', ids).orderBy('id'))

async function openGates(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId())
  await database.writes.transaction({ principalId }, async (tx) => {
    for (const id of ids) await openGate(tx, 'user', id)
  })
  return ids
}

test('a gate opens at epoch 1 and is raised once, however often its id is named', async () => {
  const [id = ''] = await openGates(1)
  expect(await epochs([id])).toEqual([{ id, epoch: '1' }])
  await database.writes.transaction({ principalId }, (tx) => raiseGates(tx, [id, id]))
  expect(await epochs([id])).toEqual([{ id, epoch: '2' }])
})

test('what was decided before a raise is refused, in reads and in transactions; what a rolled back raise touched is not', async () => {
  const ids = await openGates(3)
  const gates = await epochs(ids)
  const read = () => database.reads.under({ principalId, gates }).rows(build.selectFrom('hub.installation').select('id'))
  const failed = database.writes.transaction({ principalId }, async (tx) => {
    await raiseGates(tx, ids)
    throw new Error('after all not')
  })
  await expect(failed).rejects.toThrow('after all not')
  expect(await read()).toEqual([])

  await database.writes.transaction({ principalId }, (tx) => raiseGates(tx, [ids[1]!]))
  await expect(read()).rejects.toBeInstanceOf(EpochMoved)
  await expect(database.writes.transaction({ principalId, gates }, async () => undefined)).rejects.toBeInstanceOf(EpochMoved)
})

test('a transaction may raise gates that it was decided under, several times, and enter further scopes', async () => {
  const ids = await openGates(2)
  const gates = await epochs(ids)
  await database.writes.transaction({ principalId, gates }, async (tx) => {
    await raiseGates(tx, [ids[0]!])
    await raiseGates(tx, ids)
    await tx.enter({ ...tx.scope, accountId: newId() })
  })
  expect((await epochs(ids)).map((gate) => gate.epoch)).toEqual(['3', '2'])
})

test('gates that are only raised are not compared, and those compared still are beside them', async () => {
  const [held = '', raised = ''] = await openGates(2)
  const [gate] = await epochs([held])
  await database.writes.transaction({ principalId }, (tx) => raiseGates(tx, [raised])) // else both epochs would be 1
  await database.writes.transaction({ principalId, gates: [gate!], raises: [raised] }, (tx) => raiseGates(tx, [raised]))
  await database.writes.transaction({ principalId }, (tx) => raiseGates(tx, [held]))
  const stale = database.writes.transaction({ principalId, gates: [gate!], raises: [raised] }, async () => undefined)
  await expect(stale).rejects.toBeInstanceOf(EpochMoved)
})

test('a gate that does not exist cannot be raised silently', async () => {
  const [id = ''] = await openGates(1)
  await expect(database.writes.transaction({ principalId }, (tx) => raiseGates(tx, [id, newId()]))).rejects.toThrow('do not exist')
  expect(await epochs([id])).toEqual([{ id, epoch: '1' }])
})

test('transactions that raise the same gates in any order wait for each other and lose no raise', async () => {
  const ids = await openGates(6)
  const orders = Array.from({ length: 40 }, (_, n) => [...ids.slice(n % 6), ...ids.slice(0, n % 6)].toSorted(() => (n % 2 === 0 ? 1 : -1)))
  await Promise.all(orders.map((order) => database.writes.transaction({ principalId }, (tx) => raiseGates(tx, order))))
  expect((await epochs(ids)).map((gate) => gate.epoch)).toEqual(Array.from({ length: 6 }, () => '41'))
})
