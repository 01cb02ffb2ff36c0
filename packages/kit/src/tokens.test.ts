import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashToken, mintToken, parseToken, tokenKinds, type TokenPrefix } from './tokens.ts'

const prefixes = Object.keys(tokenKinds) as TokenPrefix[]
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

test.each(prefixes)('a token of %s has its shape, tells its kind and is known by its hash alone', (prefix) => {
  const minted = mintToken(prefix)
  expect(minted.plaintext).toMatch(new RegExp(`^${prefix}_[0-9A-Za-z]{22}_[0-9A-Za-z]{49}$`))
  expect(minted.hash).toEqual(createHash('sha256').update(minted.plaintext).digest())
  expect(parseToken(minted.plaintext)).toEqual({ prefix, kind: tokenKinds[prefix], hash: minted.hash })
})

test('the public part names the credential and holds nothing of the secret', () => {
  const { id, plaintext, hint } = mintToken('fhk')
  expect(plaintext.startsWith(`${hint}_`)).toBe(true)
  const number = Array.from(hint.slice(4)).reduce((value, digit) => value * 62n + BigInt(alphabet.indexOf(digit)), 0n)
  expect(number.toString(16).padStart(32, '0')).toBe(id.replaceAll('-', ''))
  expect(plaintext.slice(hint.length + 1)).toHaveLength(49)
})

test('no two tokens are alike, not even in a part of their secret', () => {
  const secrets = Array.from({ length: 2000 }, () => mintToken('fhp').plaintext.slice(27, 70))
  for (const [from, to] of [
    [2, 22],
    [22, 43],
  ] as const)
    expect(new Set(secrets.map((secret) => secret.slice(from, to))).size).toBe(secrets.length)
})

test('any one altered character is caught before any look-up', () => {
  const { plaintext } = mintToken('fhk')
  const accepted: string[] = []
  for (let position = 0; position < plaintext.length; position++) {
    for (const character of `${alphabet}_-. é\n`) {
      if (character === plaintext[position]) continue
      const altered = plaintext.slice(0, position) + character + plaintext.slice(position + 1)
      if (parseToken(altered) !== null) accepted.push(altered)
    }
  }
  expect(accepted).toEqual([])
})

test('two neighbours swapped, a character lost or doubled, or another kind put in front is caught', () => {
  const { plaintext } = mintToken('fhp')
  const altered = Array.from(plaintext, (character, index) => [
    plaintext.slice(0, index) + (plaintext[index + 1] ?? '') + character + plaintext.slice(index + 2),
    plaintext.slice(0, index) + plaintext.slice(index + 1),
    plaintext.slice(0, index) + character + plaintext.slice(index),
  ]).flat()
  const others = prefixes.filter((prefix) => prefix !== 'fhp').map((prefix) => prefix + plaintext.slice(3))
  expect(
    [...altered, ...others, ` ${plaintext}`, `${plaintext}\n`].filter((text) => text !== plaintext && parseToken(text) !== null),
  ).toEqual([])
})

test('whatever else is sent is no token, and no error', () => {
  const base62Text = (length: number) => fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength: length, maxLength: length })
  const shaped = fc.tuple(fc.constantFrom(...prefixes, 'fhx'), base62Text(22), base62Text(49)).map((parts) => parts.join('_'))
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), shaped), (text) => parseToken(text) === null))
})

test('hashes of different tokens differ', () => {
  expect(hashToken('a')).not.toEqual(hashToken('b'))
})
