import { expect, test } from 'vitest'
import { merge } from './decisions.ts'

test('of two readings of a gate the older one stands, whichever comes first and however long its epoch', () => {
  const older = [{ id: 'workspace', epoch: '9' }]
  const newer = [
    { id: 'workspace', epoch: '10' },
    { id: 'user', epoch: '3' },
  ]
  const expected = [...older, newer[1]]
  expect(merge(older, newer)).toHaveLength(2)
  expect(merge(older, newer)).toEqual(expect.arrayContaining(expected))
  expect(merge(newer, older)).toHaveLength(2)
  expect(merge(newer, older)).toEqual(expect.arrayContaining(expected))
})
