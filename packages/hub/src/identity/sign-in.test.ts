import { parseOptions } from '@node-rs/argon2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build } from '@freehold/db'
import { hashToken } from '@freehold/kit'
import { networkOf } from './network.ts'
import { decoyHash, hashPassword, verifyPassword } from './password.ts'
import { clearSessionCookie, writeSessionCookie } from './session-cookie.ts'
import { openWorld, password, type World } from './test-fixtures/world.ts'
import { passwordCounters } from './throttle.ts'

let world: World
let userId: string
beforeAll(async () => {
  world = await openWorld()
  const made = await world.start()
  userId = made.userId
  await world.claim(made.setupToken, 'owner@example.com', { ip: '192.0.2.250' })
})
afterAll(() => world.close())

const quarterHour = 15 * 60_000
const nextWindow = () => world.clock.advance(quarterHour)
const attempts = (count: number, email: string, secret: string, ip: (n: number) => string) =>
  Promise.allSettled(Array.from({ length: count }, (_, n) => world.signIn(email, secret, { ip: ip(n) })))
const codes = (settled: PromiseSettledResult<unknown>[]) => {
  const tally: Record<string, number> = {}
  for (const one of settled) {
    const code = one.status === 'fulfilled' ? 'ok' : String((one.reason as { code?: string }).code)
    tally[code] = (tally[code] ?? 0) + 1
  }
  return tally
}

test('a sign-in sets a cookie that scripts cannot read, of two weeks, and leaves one event without a secret', async () => {
  const before = (await world.events(userId)).length
  const answer = await world.signIn(' Owner@Example.com', password, { userAgent: 'Safari '.repeat(60), ip: '192.0.2.3' })
  const token = world.cookieToken()
  expect(world.headers.get('set-cookie')).toBe(`freehold_session=${token}; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax`)
  const { principal } = await world.known(token)
  expect(principal.credential).toEqual({ id: expect.any(String), kind: 'session', expiresAt: new Date(answer.expires_at) })

  const events = await world.events(userId)
  expect(events).toHaveLength(before + 1)
  const event = events.at(-1)!
  expect(event).toMatchObject({
    action: 'session.create',
    actor_id: userId,
    resource_kind: 'session',
    resource_id: principal.credential.id,
  })
  expect(event.resource_label.length).toBeLessThanOrEqual(60)
  expect(JSON.stringify(event)).not.toContain(token.slice(-49))
})

test('over TLS the cookie is Secure and bound to the host', () => {
  expect(writeSessionCookie('t', 60, true)).toBe('__Host-freehold_session=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure')
  expect(clearSessionCookie(true)).toBe('__Host-freehold_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure')
})

test('unknown e-mail, no password set and wrong password get the same answer', async () => {
  await world.addUser('no-password@example.com')
  const answers = await Promise.allSettled(
    ['nobody@example.com', 'no-password@example.com', 'owner@example.com'].map((email) =>
      world.signIn(email, 'wrong password', { ip: '192.0.2.4' }),
    ),
  )
  const [first, ...others] = answers.map((answer) => {
    const { code, message, members, headers, errors } = (answer as PromiseRejectedResult).reason
    return { code, message, members, headers, errors }
  })
  expect(first!.code).toBe('unauthenticated')
  expect(others).toEqual([first, first])
})

test('without a stored hash the same argon2id work is done, and never succeeds', async () => {
  const stored = await hashPassword('some password')
  expect(parseOptions(decoyHash)).toEqual(parseOptions(stored))
  // A floor, so that a busy machine cannot fail it: answering without hashing takes microseconds, argon2 with 19 MiB never does.
  const start = performance.now()
  expect(await verifyPassword(null, 'wrong password')).toBe(false)
  expect(performance.now() - start).toBeGreaterThan(2)
})

test('a password typed with composed or decomposed accents is the same', async () => {
  expect(await verifyPassword(await hashPassword('caf\u00e9 au lait'), 'cafe\u0301 au lait')).toBe(true)
})

test('ten failures from one address on one e-mail are answered by 429, even for the right password and in parallel', async () => {
  nextWindow()
  const tally = codes(await attempts(25, 'owner@example.com', 'wrong password', () => '198.51.100.1'))
  expect(tally).toEqual({ unauthenticated: 10, rate_limited: 15 })
  world.clock.advance(60_000)
  await expect(world.signIn('owner@example.com', password, { ip: '198.51.100.1' })).rejects.toMatchObject({
    code: 'rate_limited',
    status: 429,
    headers: { 'retry-after': '840', 'ratelimit-limit': '10', 'ratelimit-remaining': '0', 'ratelimit-reset': '840' },
  })
  expect(await world.signIn('owner@example.com', password, { ip: '198.51.100.2' })).toMatchObject({ user_id: userId })
  nextWindow()
  expect(await world.signIn('owner@example.com', password, { ip: '198.51.100.1' })).toMatchObject({ user_id: userId })
})

test('thirty failures on one e-mail from many addresses shut it, and refused attempts do not count', async () => {
  nextWindow()
  const email = 'spread@example.com'
  const shut = codes(await attempts(40, email, 'wrong password', (n) => `198.51.100.${n}`))
  expect(shut).toEqual({ unauthenticated: 30, rate_limited: 10 })

  nextWindow()
  expect(codes(await attempts(40, email, 'wrong password', () => '198.51.100.1'))).toEqual({ unauthenticated: 10, rate_limited: 30 })
  expect(codes(await attempts(5, email, 'wrong password', () => '198.51.100.2'))).toEqual({ unauthenticated: 5 })
})

test('a hundred failures from one address shut it for every e-mail, an IPv6 network counting as one address', async () => {
  nextWindow()
  const settled: PromiseSettledResult<unknown>[] = []
  for (let round = 0; round < 11; round++) {
    const hosts = Array.from({ length: 10 }, (_, n) => (round * 10 + n).toString(16))
    settled.push(
      ...(await Promise.allSettled(
        hosts.map((host) => world.signIn(`user${host}@example.com`, 'wrong password', { ip: `2001:db8:1:2::${host}` })),
      )),
    )
  }
  expect(codes(settled)).toEqual({ unauthenticated: 100, rate_limited: 10 })
  await expect(world.signIn('owner@example.com', password, { ip: '2001:db8:1:2:ffff::1' })).rejects.toMatchObject({ code: 'rate_limited' })
  expect(await world.signIn('owner@example.com', password, { ip: '2001:db8:1:3::1' })).toMatchObject({ user_id: userId })
})

test('a success wipes the failures of its e-mail and address, and counts against nothing', async () => {
  nextWindow()
  const ip = () => '203.0.113.1'
  for (let round = 0; round < 3; round++) {
    expect(codes(await attempts(9, 'owner@example.com', 'wrong password', ip))).toEqual({ unauthenticated: 9 })
    await world.signIn('owner@example.com', password, { ip: ip() })
  }
  nextWindow()
  for (let n = 0; n < 32; n++) await world.signIn('owner@example.com', password, { ip: ip() })
})

test('the throttle stores neither e-mail nor address', async () => {
  nextWindow()
  await expect(world.signIn('private@example.com', 'wrong password', { ip: '203.0.113.77' })).rejects.toMatchObject({
    code: 'unauthenticated',
  })
  for (const counter of passwordCounters('private@example.com', '203.0.113.77')) {
    const key = hashToken(counter.subject).toString('hex')
    const row = await world.database.reads.under({ proof: { throttle_key: key } }).first(build.selectFrom('hub.throttle').selectAll())
    expect(row).toMatchObject({ key, failures: 1 })
  }
})

test('a dry run proves the password and makes no session', async () => {
  world.headers.clear()
  const before = await world.events(userId)
  await world.signIn('owner@example.com', password, { dryRun: true, ip: '192.0.2.9' })
  expect(world.headers.has('set-cookie')).toBe(false)
  expect(await world.events(userId)).toEqual(before)
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:DB8:0:00:1:2:3:4', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
])('the network of %s is %s', (ip, network) => expect(networkOf(ip)).toBe(network))

test('a flood of passwords waits in a queue with an end', async () => {
  const settled = await Promise.allSettled(
    Array.from({ length: 260 }, () => verifyPassword('$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2g', 'guess')),
  )
  expect(codes(settled)).toEqual({ ok: 252, unavailable: 8 })
  expect(await verifyPassword(await hashPassword(password), password)).toBe(true)
})
