import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstPrevHash, hashEvent, verifyChain } from './audit-chain.ts'

type Line = Record<string, unknown> & { seq: number; prev_hash: string; hash: string }

function seal(events: object[]): Line[] {
  let prevHash = firstPrevHash
  return events.map((event, index) => {
    const line = { ...event, seq: index + 1, prev_hash: prevHash }
    prevHash = hashEvent(line)
    return { ...line, hash: prevHash }
  })
}

const sealedChain = fc
  .array(
    fc.record({
      id: fc.uuid(),
      label: fc.string({ unit: 'grapheme' }),
      after: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'grapheme' })),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map(seal)

test('the hash is that of the canonical JSON, whatever the order of keys', () => {
  // From sha256sum, of {"a":[1,"é"],"b":null}.
  const expectedHash = '1e02bc81a26af2f027329541e97eef36f3290bedc6dfe043dbe66b057ecb13ba'
  expect(hashEvent({ b: null, a: [1, 'é'] })).toBe(expectedHash)
  expect(hashEvent({ a: [1, 'é'], b: null })).toBe(expectedHash)
})

test('BX-03 a whole chain is valid, also an empty one', async () => {
  await fc.assert(
    fc.asyncProperty(sealedChain, async (chain) => {
      const last = chain.at(-1)!
      expect(await verifyChain(chain)).toEqual({ valid: true, events: chain.length, head: { seq: last.seq, hash: last.hash }, fault: null })
    }),
  )
  expect(await verifyChain([])).toEqual({ valid: true, events: 0, head: null, fault: null })
})

test('BX-03 a removed, repeated or moved event, or one out of another chain, is found where it is', async () => {
  const chain = seal([{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }])
  const foreign = seal([{ id: 'x' }, { id: 'y' }])
  const [first, second, third, fourth] = chain
  expect(await verifyChain([second, third])).toMatchObject({ fault: { seq: 1 } })
  expect(await verifyChain([first, third, fourth])).toMatchObject({
    valid: false,
    events: 1,
    head: { seq: 1 },
    fault: { seq: 2, reason: expect.stringContaining('missing') },
  })
  expect(await verifyChain([first, first, second])).toMatchObject({ fault: { seq: 2 } })
  expect(await verifyChain([first, third, second])).toMatchObject({ fault: { seq: 2 } })
  expect(await verifyChain([first, foreign[1]])).toMatchObject({ fault: { seq: 2, reason: expect.stringContaining('prev_hash') } })
  expect(await verifyChain([first, null])).toMatchObject({ fault: { seq: 2, reason: expect.stringContaining('JSON object') } })
})

test('BX-03 an event that is rewritten and hashed anew breaks the one after it', async () => {
  const chain = seal([{ id: 'a' }, { id: 'b' }, { id: 'c' }])
  const { hash: _, ...rewritten } = { ...chain[1]!, id: 'B' }
  expect(await verifyChain([chain[0], { ...rewritten, hash: hashEvent(rewritten) }, chain[2]])).toMatchObject({
    valid: false,
    fault: { seq: 3 },
  })
})

test('text that is no Unicode is a fault, not a crash', async () => {
  expect(await verifyChain([{ seq: 1, prev_hash: firstPrevHash, label: '\ud800', hash: '' }])).toMatchObject({
    valid: false,
    fault: { seq: 1 },
  })
})
