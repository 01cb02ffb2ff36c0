import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { deriveKey, seal, unseal } from './envelope.ts'

const key = randomBytes(32)
const place = ['workspace', 'one', 'secret', '1']

test('what is sealed opens again in its own place, and each sealing looks different', () => {
  const sealed = seal(key, 'a value', place)
  expect(unseal(key, sealed, place).toString()).toBe('a value')
  expect(seal(key, 'a value', place).equals(sealed)).toBe(false)
  expect(sealed.includes('a value')).toBe(false)
})

test('a sealed value opens nowhere else, under no other key, and not when a byte has changed', () => {
  const sealed = seal(key, 'a value', place)
  expect(() => unseal(key, sealed, ['workspace', 'two', 'secret', '1'])).toThrow('unable to authenticate')
  expect(() => unseal(key, sealed, ['workspaceone', 'secret', '1'])).toThrow('unable to authenticate')
  expect(() => unseal(randomBytes(32), sealed, place)).toThrow('unable to authenticate')
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed)
    changed[index]! ^= 1
    expect(() => unseal(key, changed, place), `byte ${index}`).toThrow('unable to authenticate')
  }
  expect(() => unseal(key, sealed.subarray(0, 20), place)).toThrow('too short')
})

test('each purpose has a key of its own, always the same', () => {
  expect(deriveKey(key, 'one')).toHaveLength(32)
  expect(deriveKey(key, 'one').equals(deriveKey(key, 'two'))).toBe(false)
  expect(deriveKey(key, 'one').equals(deriveKey(key, 'one'))).toBe(true)
})
