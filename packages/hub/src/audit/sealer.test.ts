import { newId } from '@freehold/kit'
import { verifyChain } from '@freehold/kit/audit-chain'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { insertAuditEvent } from './index.ts'
import { accountChain, exportLines, newEvent, openWorld, verifyWorkspace, workspaceChain, type World } from './test-fixtures/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

test('BX-03 chains have no gap when 8 writers and 3 sealers work at once', async () => {
  const chains = [newId(), newId(), newId()]
  const sealers = [world.newSealer(), world.newSealer(), world.newSealer()]
  const eachWriter = 100
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let at = 0; at < eachWriter; at++) await world.insert({ chain: workspaceChain(chains[(writer + at) % chains.length]!) })
  })
  let isWriting = true
  const written = Promise.all(writers).finally(() => {
    isWriting = false
  })
  const seal = async (sealer: (typeof sealers)[number]) => {
    let sealed = 0
    while (isWriting) sealed += await sealer.sealPending()
    return sealed
  }
  const whileWriting = await Promise.all(sealers.map(seal))
  await written
  // Each may have left to the others what they held.
  const afterwards = [await sealers[0]!.sealPending()]

  expect([...whileWriting, ...afterwards].reduce((sum, count) => sum + count)).toBe(8 * eachWriter)
  const lines = await Promise.all(chains.map((id) => exportLines(world, id)))
  expect(lines.flat()).toHaveLength(8 * eachWriter)
  for (const chain of lines) expect(await verifyChain(chain)).toMatchObject({ valid: true, events: chain.length })
  for (const id of chains) expect(await verifyWorkspace(world, id)).toMatchObject({ valid: true, unsealed: 0 })
  expect(world.errors).toEqual([])
})

test('an event that commits behind later ones gets a later place', async () => {
  const chain = workspaceChain(newId())
  const late = await world.database.writes.begin({ workspaceId: chain.id })
  const lateEvent = newEvent({ chain })
  await insertAuditEvent(late.tx, lateEvent)
  const early = [await world.insert({ chain }), await world.insert({ chain })]
  await world.sealer.sealPending()
  await late.commit()
  await world.sealer.sealPending()

  expect(await exportLines(world, chain.id)).toMatchObject([
    { id: early[0], seq: 1 },
    { id: early[1], seq: 2 },
    { id: lateEvent.id, seq: 3 },
  ])
})

test('a started sealer seals what waited before it and what is committed later, within a second', async () => {
  const chain = workspaceChain(newId())
  const sealer = world.newSealer()
  await world.insert({ chain })
  sealer.start()
  try {
    await vi.waitFor(async () => expect(await exportLines(world, chain.id)).toHaveLength(1))
    await world.insert({ chain })
    await vi.waitFor(async () => expect(await exportLines(world, chain.id)).toHaveLength(2), { timeout: 1000, interval: 20 })
  } finally {
    await sealer.stop()
  }
})

test('events of accounts and users are sealed in chains of their own', async () => {
  const id = newId()
  await world.insert({ chain: accountChain(id) })
  const userId = newId()
  await world.insert({ chain: { kind: 'user', id: userId }, action: 'session.create' })
  expect(await world.sealer.sealPending()).toBe(2)
  for (const scope of [{ accountId: id }, { principalId: userId }]) {
    const heads = await world.database.reads.under(scope).sql({ name: '', text: 'select seq from hub.audit_head', values: [] })
    expect(heads).toEqual([{ seq: '1' }])
  }
})

test('a chain that cannot be sealed holds up no other', async () => {
  const [broken, sound] = [workspaceChain(newId()), workspaceChain(newId())]
  await world.insert({ chain: broken })
  await world.sealer.sealPending()
  // A place that the next event must take is taken already.
  await world.tamper(`update hub.audit_head set seq = 0 where chain_id = $1`, [broken.id])
  await world.insert({ chain: broken })
  await world.insert({ chain: sound })

  expect(await world.sealer.sealPending()).toBe(1)
  expect(await exportLines(world, sound.id)).toHaveLength(1)
  expect(world.errors[0]).toMatchObject({ chain: broken.id })
  await world.tamper(`update hub.audit_head set seq = 1 where chain_id = $1`, [broken.id])
  expect(await world.sealer.sealPending()).toBe(1)
})

test('a backlog longer than a pass is sealed whole, in order', async () => {
  const chain = workspaceChain(newId())
  await world.database.writes.transaction({ workspaceId: chain.id }, async (tx) => {
    for (let at = 0; at < 1200; at++) await insertAuditEvent(tx, newEvent({ chain }))
  })
  expect(await world.sealer.sealPending()).toBe(1200)
  const lines = (await exportLines(world, chain.id)).map((line) => String(line['id']))
  expect(lines).toEqual(lines.toSorted())
  expect(await verifyWorkspace(world, chain.id)).toMatchObject({ valid: true, events: 1200 })
})
