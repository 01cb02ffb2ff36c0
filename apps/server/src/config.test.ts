import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const token = 'a preshared key'
const spicedbOf = (env: Record<string, string>, cwd = '/') => readConfig([], { FREEHOLD_SPICEDB_TOKEN: token, ...env }, cwd)!.spicedb

test('SpiceDB is reached in plain text on loopback only, unless told otherwise', () => {
  expect(spicedbOf({})).toBeNull()
  for (const endpoint of ['127.0.0.1:50051', 'localhost:50051', '[::1]:50051']) {
    expect(spicedbOf({ FREEHOLD_SPICEDB: endpoint })).toEqual({ endpoint, token, tls: 'off' })
  }
  const endpoint = 'spicedb.internal:50051'
  expect(spicedbOf({ FREEHOLD_SPICEDB: endpoint })).toEqual({ endpoint, token, tls: 'system' })
  expect(spicedbOf({ FREEHOLD_SPICEDB: endpoint, FREEHOLD_SPICEDB_TLS: 'off' })).toEqual({ endpoint, token, tls: 'off' })
  expect(spicedbOf({ FREEHOLD_SPICEDB: '127.0.0.1:50051', FREEHOLD_SPICEDB_TLS: 'on' })).toMatchObject({ tls: 'system' })
})

test("SpiceDB's certificate may be checked against an authority of one's own", () => {
  const folder = mkdtempSync(join(tmpdir(), 'freehold-config-'))
  try {
    writeFileSync(join(folder, 'ca.pem'), 'a certificate')
    const settings = spicedbOf({ FREEHOLD_SPICEDB: 'spicedb.internal:50051', FREEHOLD_SPICEDB_TLS: 'ca.pem' }, folder)
    expect(settings?.tls).toEqual(Buffer.from('a certificate'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.each([
  [{ FREEHOLD_SPICEDB: 'spicedb.internal' }, 'use host:port'],
  [{ FREEHOLD_SPICEDB: 'https://spicedb.internal:50051' }, 'use host:port'],
  [{ FREEHOLD_SPICEDB: 'localhost:50051', FREEHOLD_SPICEDB_TOKEN: '' }, 'FREEHOLD_SPICEDB_TOKEN'],
  [{ FREEHOLD_SPICEDB: 'localhost:50051', FREEHOLD_SPICEDB_TLS: 'no-such-file' }, 'FREEHOLD_SPICEDB_TLS'],
])('%j is refused with what to correct', (env, said) => {
  expect(() => spicedbOf(env)).toThrow(said)
})
