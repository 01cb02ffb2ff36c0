import { expect, test } from 'vitest'
import { isUuid, newId } from './ids.ts'

const millisecondsOf = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
const isAscending = (ids: string[]) => ids.every((id, index) => index === 0 || ids[index - 1]! < id)

test('100,000 ids are UUIDs of version 7, all different, in the order in which they were made', () => {
  const ids = Array.from({ length: 100_000 }, () => newId())
  expect(ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
  expect(isAscending(ids)).toBe(true)
})

test('an id carries the time it was made at', () => {
  const future = Date.now() + 86_400_000
  expect(millisecondsOf(newId(future))).toBe(future)
})

test('ids of one millisecond stay in order, also when there are more than its counter holds', () => {
  const moment = Date.now() + 2 * 86_400_000
  const ids = Array.from({ length: 10_000 }, () => newId(moment))
  expect(isAscending(ids)).toBe(true)
  expect(millisecondsOf(ids.at(-1)!) - moment).toBeLessThan(5)
})

test('a clock that goes back makes no id that sorts before an older one', () => {
  const moment = Date.now() + 3 * 86_400_000
  const ids = [newId(moment), newId(moment - 60_000), newId(moment - 1), newId(moment + 1), newId(0), newId(moment + 2)]
  expect(isAscending(ids)).toBe(true)
  expect(millisecondsOf(ids.at(-1)!)).toBe(moment + 2)
})

test('two ids of one millisecond share no random part', () => {
  const moment = Date.now() + 4 * 86_400_000
  const tails = Array.from({ length: 10_000 }, () => newId(moment).slice(19))
  expect(new Set(tails).size).toBe(tails.length)
})

test.each([
  ['01900000-0000-7000-8000-00000000dead', true],
  ['01900000-0000-7000-8000-00000000DEAD', true],
  ['00000000-0000-0000-0000-000000000000', true],
  ['', false],
  ['01900000-0000-7000-8000-00000000dea', false],
  ['01900000-0000-7000-8000-00000000dead0', false],
  ['0190000000007000800000000000dead', false],
  ['{01900000-0000-7000-8000-00000000dead}', false],
  ['01900000-0000-7000-8000-00000000dead\n', false],
  ['01900000-0000-7000-8000-00000000deag', false],
])('%j is told as a UUID: %s', (text, expected) => {
  expect(isUuid(text)).toBe(expected)
})
