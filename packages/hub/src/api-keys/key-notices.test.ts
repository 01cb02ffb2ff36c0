import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openWorld, type World } from './test-fixtures/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const day = 86_400
const freehold = { actor_kind: 'system', actor_id: 'freehold', actor_label: 'Freehold', isOfAccount: true }
const actions = async (keyId: string) => (await world.told(keyId)).map(({ action }) => action)
const kindsWaiting = async (keyId: string) => (await world.waiting()).filter(({ id }) => id === keyId).map(({ kind }) => kind)

test('AM-04 the end of a key is told a week ahead and when it has come, once each, by however many processes look', async () => {
  const { id } = await world.create(30 * day)
  const expiresAt = world.clock.in(30 * day)
  const processes = [world.notices, world.newNotices(), world.newNotices()]
  const sendAll = async () => (await Promise.all(processes.map((each) => each.sendDue()))).reduce((sum, sent) => sum + sent)

  world.clock.advance(23 * day - 1)
  expect(await sendAll()).toBe(0)
  world.clock.advance(1)
  expect(await sendAll()).toBe(1)
  expect(await world.told(id)).toEqual([
    { ...freehold, action: 'api_key.expiry_notice', after: expect.objectContaining({ id, expires_at: expiresAt }) },
  ])
  world.clock.advance(7 * day)
  expect(await sendAll()).toBe(1)
  expect(await sendAll()).toBe(0)
  expect(await actions(id)).toEqual(['api_key.expiry_notice', 'api_key.expire'])
  expect(await kindsWaiting(id)).toEqual([])
})

test('AM-04 a short life is told of in its last eighth, and a life without end never', async () => {
  const [short, endless] = [await world.create(4 * day), await world.create(null)]
  world.clock.advance(3.5 * day)
  await world.notices.sendDue()
  expect(await actions(short.id)).toEqual(['api_key.expiry_notice'])
  expect(await kindsWaiting(endless.id)).toEqual([])
})

test('AM-04 after a time without a server only the end is news; of a revoked key there is none', async () => {
  const [ended, revoked] = [await world.create(30 * day), await world.create(30 * day)]
  await world.revoke(revoked.id)
  expect(await kindsWaiting(revoked.id)).toEqual([])
  world.clock.advance(100 * day)
  await world.notices.sendDue()
  expect(await actions(ended.id)).toEqual(['api_key.expire'])
  expect(await actions(revoked.id)).toEqual([])
  expect(await kindsWaiting(ended.id)).toEqual([])
})

test('BX-05 a key rotated at once is gone, and nothing is told of its end', async () => {
  const old = await world.create(30 * day)
  const epoch = await world.epoch()
  const created = await world.rotate(old.id)
  expect(created).toMatchObject({ name: 'ci', replaces: old.id, expires_at: old.expires_at })
  expect(created.key).not.toBe(old.key)
  await expect(world.read(old.id)).rejects.toMatchObject({ code: 'not_found' })
  expect(await world.roleEndsAt(old.id)).toEqual([])
  expect(await kindsWaiting(old.id)).toEqual([])
  expect(await kindsWaiting(created.id)).toEqual(['expiry_notice', 'expire'])
  expect(await world.epoch()).toBeGreaterThan(epoch)
})

test('BX-05 a grace from now ends key and role together, no later than they would have, and only its end is told', async () => {
  const [long, short] = [await world.create(30 * day), await world.create(3600)]
  const ends = world.clock.in(2 * 3600)
  await world.rotate(long.id, { grace_seconds: 2 * 3600 })
  await world.rotate(short.id, { grace_seconds: 2 * 3600 })
  expect((await world.read(long.id)).expires_at).toBe(ends)
  expect(await world.roleEndsAt(long.id)).toEqual([ends])
  expect((await world.read(short.id)).expires_at).toBe(short.expires_at)
  expect(await world.roleEndsAt(short.id)).toEqual([short.expires_at])
  world.clock.advance(2 * 3600)
  await world.notices.sendDue()
  expect(await actions(long.id)).toEqual(['api_key.expire'])
})

test('BX-05 a grace from the first use begins then: until that the old key is as it was', async () => {
  const old = await world.create(30 * day)
  const created = await world.rotate(old.id, { grace_seconds: 3600, grace_from: 'first_use' })
  world.clock.advance(day)
  await world.use(old.id)
  await world.notices.sendDue()
  expect((await world.read(old.id)).expires_at).toBe(old.expires_at)

  await world.use(created.id)
  const ends = world.clock.in(3600)
  const epoch = await world.epoch()
  world.clock.advance(5)
  expect(await world.notices.sendDue()).toBe(1)
  expect((await world.read(old.id)).expires_at).toBe(ends)
  expect(await world.roleEndsAt(old.id)).toEqual([ends])
  expect(await world.epoch()).toBeGreaterThan(epoch)
  expect(await world.told(old.id)).toEqual([
    { ...freehold, action: 'api_key.grace_start', after: { expires_at: ends, successor: created.id } },
  ])

  // Later uses begin nothing anew.
  world.clock.advance(60)
  await world.use(created.id)
  expect(await world.notices.sendDue()).toBe(0)
  expect((await world.read(old.id)).expires_at).toBe(ends)
})

test('BX-05 without any grace the first use of the new key ends the old one', async () => {
  const old = await world.create(null)
  const created = await world.rotate(old.id, { grace_from: 'first_use' })
  expect(created.expires_at).toBeNull()
  expect((await world.read(old.id)).expires_at).toBeNull()
  await world.use(created.id)
  await world.notices.sendDue()
  await expect(world.read(old.id)).rejects.toMatchObject({ code: 'not_found' })
  expect(await world.roleEndsAt(old.id)).toEqual([])
  expect(await actions(old.id)).toEqual(['api_key.grace_start'])
})

test('BX-05 a grace that a revoked key waited for never begins', async () => {
  const [old, other] = [await world.create(30 * day), await world.create(30 * day)]
  const created = await world.rotate(old.id, { grace_seconds: 60, grace_from: 'first_use' })
  await world.use(created.id)
  await world.revoke(created.id)
  const successor = await world.rotate(other.id, { grace_seconds: 60, grace_from: 'first_use' })
  await world.revoke(other.id)
  await world.use(successor.id)
  expect(await world.notices.sendDue()).toBe(0)
  expect((await world.read(old.id)).expires_at).toBe(old.expires_at)
})

test('BX-05 a key is replaced by one live key at a time, and no chain of keys that wait for a first use can be made', async () => {
  const old = await world.create(30 * day)
  const first = await world.rotate(old.id, { grace_seconds: day, grace_from: 'first_use' })
  await expect(world.rotate(old.id)).rejects.toMatchObject({ code: 'invalid_state' })
  await expect(world.rotate(first.id)).rejects.toMatchObject({ code: 'invalid_state' })
  await world.revoke(first.id)
  await expect(world.rotate(first.id)).rejects.toMatchObject({ code: 'invalid_state' })
  const second = await world.rotate(old.id, { grace_seconds: day, grace_from: 'first_use' })
  await world.use(second.id)
  await world.notices.sendDue()
  expect(await world.rotate(second.id)).toMatchObject({ replaces: second.id })
  world.clock.advance(31 * day)
  await expect(world.rotate(old.id)).rejects.toMatchObject({ code: 'invalid_state' })
})

test('BX-05 of two rotations at the same time one succeeds', async () => {
  const { id } = await world.create(30 * day)
  const answers = await Promise.allSettled(Array.from({ length: 4 }, () => world.rotate(id, { grace_seconds: 60 })))
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'invalid_state' })
})

test('revoking a key while its first use is told does not deadlock', async () => {
  for (let round = 0; round < 10; round++) {
    const old = await world.create(null)
    const created = await world.rotate(old.id, { grace_seconds: 60, grace_from: 'first_use' })
    await world.use(created.id)
    await Promise.all([world.notices.sendDue(), world.revoke(created.id), world.newNotices().sendDue(), world.revoke(old.id)])
  }
  expect(world.errors).toEqual([])
})

test('what fails for one key holds up no other, and is tried again', async () => {
  const [broken, sound] = [await world.create(80), await world.create(80)]
  world.clock.advance(80)
  const failing = world.newNotices()
  const { transaction } = world.database.writes
  const failures: string[] = []
  const refusing = vi.spyOn(world.database.writes, 'transaction')
  refusing.mockImplementationOnce(async () => {
    failures.push('away')
    throw new Error('away')
  })
  refusing.mockImplementation(transaction)
  await failing.sendDue()
  refusing.mockRestore()
  expect(failures).toEqual(['away'])
  await world.notices.sendDue()
  for (const { id } of [broken, sound]) expect(await actions(id)).toEqual(['api_key.expire'])
})

test('a started sweep looks by itself, and ends when it is stopped', async () => {
  const { id } = await world.create(80)
  world.clock.advance(80)
  const notices = world.newNotices()
  notices.start()
  await vi.waitFor(async () => expect(await actions(id)).toEqual(['api_key.expire']))
  await notices.stop()
})
