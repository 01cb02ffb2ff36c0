import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generateSlug, reservedSlugs, slugPattern } from './slug.ts'

const pattern = new RegExp(slugPattern)
const reservedWords = fc.constantFrom(...reservedSlugs)
const names = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({ unit: fc.constantFrom('a', 'Z', '9', '-', ' ', 'É', 'ß', 'ı', 'ﬁ', '日', '.'), maxLength: 120 }),
  reservedWords,
  reservedWords.map((word) => ` ${word.toUpperCase()}! `),
)
const suffixes = fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9a-f]{6}$/))

test('a slug made from any name has the form of a slug and is no reserved word', () => {
  fc.assert(
    fc.property(names, suffixes, (name, suffix) => {
      const slug = generateSlug(name, suffix)
      expect(slug).toMatch(pattern)
      expect(reservedSlugs.has(slug)).toBe(false)
      if (suffix) expect(slug.endsWith(`-${suffix}`)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['Acme Dev', 'acme-dev'],
  ['  Acmé — Dévelopment!! ', 'acme-development'],
  ['ÀÉÎ', 'aei'],
  ['a.b_c', 'a-b-c'],
  ['日本', 'unnamed'],
  ['', 'unnamed'],
  ['x', 'workspace-x'],
  ['Admin', 'workspace-admin'],
  ['a'.repeat(100), 'a'.repeat(48)],
])('%j becomes %s', (name, slug) => {
  expect(generateSlug(name)).toBe(slug)
})

test('a name that fills the length still leaves room to tell it apart', () => {
  expect(generateSlug('a'.repeat(100), '0123ab')).toBe(`${'a'.repeat(41)}-0123ab`)
  expect(generateSlug(`${'a'.repeat(40)}-b`, '0123ab')).toBe(`${'a'.repeat(40)}-0123ab`)
})

test.each(['a', 'a'.repeat(49), '-ab', 'ab-', 'a--b', 'Ab', 'a_b', 'a b', 'ab\n', 'é1', ''])('%j is no slug', (text) => {
  expect(text).not.toMatch(pattern)
})

test('every reserved word would otherwise be a slug, or it need not be reserved', () => {
  expect([...reservedSlugs].filter((word) => !pattern.test(word) && word.length > 1)).toEqual([])
})
