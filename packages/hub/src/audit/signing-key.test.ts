import { createPublicKey, sign, verify } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartupError } from '@freehold/db'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSigningKey, seedOf, sharedSigningKey } from './index.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'freehold-key-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const file = () => join(dataDir, 'deeper', 'audit-signing-key.pem')

test('the first start makes a key that only its user can read, and later starts keep it', () => {
  const dir = join(dataDir, 'deeper')
  const key = readSigningKey(dir)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(readdirSync(dir)).toEqual(['audit-signing-key.pem'])
  expect(readSigningKey(dir).equals(key)).toBe(true)
  expect(verify(null, Buffer.from('x'), createPublicKey(key), sign(null, Buffer.from('x'), key))).toBe(true)
})

test('a shared seed gives every process the same key, and the key of a file can become the shared one', () => {
  const seed = Buffer.alloc(32, 7)
  const key = sharedSigningKey({ lasting: () => seed })()
  expect(key.asymmetricKeyType).toBe('ed25519')
  expect(sharedSigningKey({ lasting: () => Buffer.from(seed) })().equals(key)).toBe(true)
  expect(sharedSigningKey({ lasting: () => Buffer.alloc(32, 8) })().equals(key)).toBe(false)
  const ofFile = readSigningKey(dataDir)
  expect(sharedSigningKey({ lasting: () => seedOf(ofFile) })().equals(ofFile)).toBe(true)
})

test('a damaged key file stops the start and is not replaced', () => {
  writeFileSync(join(dataDir, 'audit-signing-key.pem'), 'damaged')
  expect(() => readSigningKey(dataDir)).toThrow(StartupError)
})
