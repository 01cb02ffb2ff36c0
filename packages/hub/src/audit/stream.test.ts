import { newId } from '@freehold/kit'
import type { Sealer } from './index.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inputOf, openWorld, take, workspaceChain, type World } from './test-fixtures/world.ts'

let world: World
let sealer: Sealer
beforeAll(async () => {
  world = await openWorld()
  sealer = world.newSealer()
  sealer.start()
})
afterAll(async () => {
  await sealer.stop()
  await world.close()
})

const open = (workspaceId: string) => world.handlers.streamWorkspaceAudit(world.context({ workspaceId }), inputOf(workspaceId))

test('PR-08 a client that comes and goes while others write gets every event once, in order', async () => {
  const id = newId()
  const events = 150
  const written = Promise.all(
    Array.from({ length: 5 }, async () => {
      for (let at = 0; at < events / 5; at++) await world.insert({ chain: workspaceChain(id) })
    }),
  )
  const staying = take(await open(id), events, '0')
  const seen: string[] = []
  let last = '0'
  for (let visit = 1; seen.length < events; visit++) {
    const items = await take(await open(id), Math.min(1 + ((visit * 7) % 13), events - seen.length), last)
    seen.push(...items.map((item) => item.id!))
    last = seen.at(-1)!
  }
  await written
  const everySeq = Array.from({ length: events }, (_, at) => String(at + 1))
  expect(seen).toEqual(everySeq)
  expect((await staying).map((item) => item.id)).toEqual(everySeq)
})

test('a client that names no event starts from now', async () => {
  const id = newId()
  await world.insert({ chain: workspaceChain(id) })
  await world.sealer.sealPending()
  await take(await open(id), 1, '0')
  const abort = new AbortController()
  const stream = (await open(id))(abort.signal, null)[Symbol.asyncIterator]()
  const next = stream.next()
  // Another stream's answer shows that this one, asked before it, has found its place.
  await take(await open(id), 1, '0')
  const added = await world.insert({ chain: workspaceChain(id) })
  expect((await next).value).toMatchObject({ event: 'audit', id: '2', data: { id: added, seq: 2 } })
  abort.abort()
  expect(await stream.next()).toMatchObject({ done: true })
})

test('what a stream sends is what the feed shows', async () => {
  const id = newId()
  await world.insert({ chain: workspaceChain(id) })
  const [item] = await take(await open(id), 1, '0')
  const { items } = await world.handlers.listWorkspaceAudit(world.context({ workspaceId: id }), inputOf(id))
  expect(item?.data).toEqual(items[0])
})

test('a stream ends when the caller loses access', async () => {
  const id = newId()
  const refusal = new Error('refused')
  let isRefused = false
  const ctx = world.context({
    workspaceId: id,
    onRenew: () => {
      if (isRefused) throw refusal
    },
  })
  await world.insert({ chain: workspaceChain(id) })
  const stream = (await world.handlers.streamWorkspaceAudit(ctx, inputOf(id)))(new AbortController().signal, '0')[Symbol.asyncIterator]()
  expect(await stream.next()).toMatchObject({ value: { id: '1' } })
  isRefused = true
  await world.insert({ chain: workspaceChain(id) })
  await expect(stream.next()).rejects.toBe(refusal)
})

test('BX-03 an export stops at the head that it began with, and when its reader leaves', async () => {
  const id = newId()
  for (let at = 0; at < 250; at++) await world.insert({ chain: workspaceChain(id) })
  await take(await open(id), 250, '0')
  const answer = await world.handlers.exportWorkspaceAudit(world.context({ workspaceId: id }), inputOf(id))
  await world.insert({ chain: workspaceChain(id) })
  await take(await open(id), 1, '250')
  expect((await take(answer, 1000)).map((item) => (item.data as { seq: number }).seq)).toEqual(
    Array.from({ length: 250 }, (_, at) => at + 1),
  )
  expect(await take(answer, 3)).toHaveLength(3)
})
