import { createPublicKey, sign, verify } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartupError } from '@freehold/db'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSigningKey } from './index.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'freehold-key-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const file = () => join(dataDir, 'deeper', 'audit-signing-key.pem')

test('the first start makes a key that only its user can read, and later starts keep it', () => {
  const dir = join(dataDir, 'deeper')
  const key = loadSigningKey({ dataDir: dir })
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(readdirSync(dir)).toEqual(['audit-signing-key.pem'])
  expect(loadSigningKey({ dataDir: dir }).equals(key)).toBe(true)
  expect(verify(null, Buffer.from('x'), createPublicKey(key), sign(null, Buffer.from('x'), key))).toBe(true)
})

test('a root key gives every process the same key and leaves no file', () => {
  const rootKey = Buffer.alloc(32, 7)
  const key = loadSigningKey({ dataDir, rootKey })
  expect(key.asymmetricKeyType).toBe('ed25519')
  expect(loadSigningKey({ dataDir: '/nowhere', rootKey }).equals(key)).toBe(true)
  expect(loadSigningKey({ dataDir, rootKey: Buffer.alloc(32, 8) }).equals(key)).toBe(false)
  expect(readdirSync(dataDir)).toEqual([])
})

test('a damaged key file stops the start and is not replaced', () => {
  writeFileSync(join(dataDir, 'audit-signing-key.pem'), 'damaged')
  expect(() => loadSigningKey({ dataDir })).toThrow(StartupError)
  expect(() => loadSigningKey({ dataDir, rootKey: Buffer.alloc(8) })).toThrow(StartupError)
})
