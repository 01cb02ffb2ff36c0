import type { Fetch } from '@freehold/drivers'
import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { createKeySets } from './key-sets.ts'

const uri = 'https://keys.example.org/jwks.json'
const es256 = (kid: string) => ({ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }), kid })

/** Key sets behind a clock and a way out that the test moves. */
function open() {
  let nowMs = Date.parse('2026-01-01T00:00:00Z')
  const published = { keys: [es256('first')] as object[], reachable: true, asked: 0 }
  const fetch: Fetch = async () => {
    published.asked += 1
    if (!published.reachable) throw new Error('unreachable')
    return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ keys: published.keys })) }
  }
  const sets = createKeySets({ fetch, clock: { now: () => new Date(nowMs) } })
  return {
    published,
    find: async (kid: string | undefined, of = uri) => (await sets.find(of, { kid, algorithm: 'ES256' }))?.jwk.kid ?? null,
    until: async (kid: string) => (await sets.find(uri, { kid, algorithm: 'ES256' }))?.until.getTime() ?? 0,
    pass: (seconds: number) => (nowMs += seconds * 1000),
    now: () => nowMs,
  }
}

test('MB-05 a set is relied on for ten minutes from when it was fetched, then fetched anew', async () => {
  const { published, find, until, pass, now } = open()
  expect(await until('first')).toBe(now() + 600_000)
  pass(599)
  expect([await find('first'), published.asked]).toEqual(['first', 1])
  pass(1)
  published.keys = []
  expect([await find('first'), published.asked]).toEqual([null, 2])
})

test('MB-05 an unknown key makes us ask at most once in 30 seconds, however many tokens name one', async () => {
  const { published, find, pass } = open()
  expect(await find('first')).toBe('first')
  published.keys = [es256('first'), es256('second')]
  for (let count = 0; count < 20; count++) expect(await find('second')).toBe(null)
  expect(published.asked).toBe(1)
  pass(30)
  expect(await Promise.all([find('second'), find('third'), find('second')])).toEqual(['second', null, 'second'])
  expect(published.asked).toBe(2)
})

test('MB-05 what cannot be reached proves nothing beyond the ten minutes, and is asked again soon', async () => {
  const { published, find, pass } = open()
  expect(await find('first')).toBe('first')
  published.reachable = false
  pass(300)
  expect([await find('second'), await find('first'), published.asked]).toEqual([null, 'first', 2])
  pass(300)
  expect([await find('first'), await find('first'), published.asked]).toEqual([null, null, 3])
  published.reachable = true
  pass(5)
  expect([await find('first'), published.asked]).toEqual(['first', 4])
})

test('many tokens at once ask once, and a set is asked for by its own address alone', async () => {
  const { published, find } = open()
  expect(await Promise.all(Array.from({ length: 10 }, () => find('first')))).toEqual(Array.from({ length: 10 }, () => 'first'))
  expect(published.asked).toBe(1)
  expect(await find('first', 'https://other.example.org/')).toBe('first')
  expect(published.asked).toBe(2)
})

test('without an id the only key for the algorithm is taken, and of several none', async () => {
  const { published, find, pass } = open()
  expect(await find(undefined)).toBe('first')
  published.keys = [es256('first'), es256('second')]
  pass(600)
  expect(await find(undefined)).toBe(null)
})
