import { describe, expect, test } from 'vitest'
import { createMemoryReader } from '../memory-reader.ts'
import { parseObject, parseRelationship, parseSubject } from '../notation.ts'
import { formatRelationship } from '../relationship.ts'
import { productEngine, productSchema } from '../schema.ts'
import { assertWritable } from '../writable.ts'
import { conformanceCases } from './cases.ts'

const now = new Date('2026-01-01T00:00:00Z')

describe.each(conformanceCases)('$title', ({ tuples, expect: expectations }) => {
  const stored = tuples.map(parseRelationship)
  const reader = createMemoryReader(stored)

  test('its tuples are ones that the schema allows', () => {
    for (const tuple of stored) assertWritable(productSchema(), tuple)
    expect(stored.map(formatRelationship)).toEqual(tuples)
  })
  test.each(expectations)('%s %s %s: %s', async (subject, permission, resource, allowed) => {
    const result = await productEngine().check(reader, parseSubject(subject), permission, parseObject(resource), now)
    expect(result.allowed).toBe(allowed)
  })
})
