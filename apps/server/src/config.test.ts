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

const credentials = { FREEHOLD_S3_ACCESS_KEY_ID: 'id', FREEHOLD_S3_SECRET_ACCESS_KEY: 'secret' }
const s3Of = (env: Record<string, string>) => readConfig([], { FREEHOLD_S3_BUCKET: 'files', ...env }, '/')!.s3

test('files are kept in the data directory, or in the bucket that is named', () => {
  expect(s3Of({ ...credentials, FREEHOLD_S3_BUCKET: '' })).toBeNull()
  const bucket = { bucket: 'files', endpoint: null, region: null, credentials: null, prefix: '', pathStyle: false, encryption: null }
  expect(s3Of({})).toEqual(bucket)
  expect(s3Of({ ...credentials, FREEHOLD_S3_REGION: 'eu-north-1', FREEHOLD_S3_PREFIX: 'a/b' })).toEqual({
    ...bucket,
    region: 'eu-north-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    prefix: 'a/b/',
  })
  expect(s3Of({ FREEHOLD_S3_PREFIX: 'a/' })?.prefix).toBe('a/')
})

test("an endpoint of one's own is called by path, unless told otherwise", () => {
  const endpoint = 'https://s3.internal'
  expect(s3Of({ FREEHOLD_S3_ENDPOINT: endpoint })).toMatchObject({ endpoint, pathStyle: true })
  expect(s3Of({ FREEHOLD_S3_ENDPOINT: endpoint, FREEHOLD_S3_PATH_STYLE: 'off' })).toMatchObject({ pathStyle: false })
})

test.each([
  ['AES256', { algorithm: 'AES256', kmsKeyId: null }],
  ['aws:kms', { algorithm: 'aws:kms', kmsKeyId: null }],
  ['aws:kms:arn:aws:kms:eu-north-1:1:key/k', { algorithm: 'aws:kms', kmsKeyId: 'arn:aws:kms:eu-north-1:1:key/k' }],
])('the bucket may encrypt by %s', (text, encryption) => {
  expect(s3Of({ FREEHOLD_S3_ENCRYPTION: text })?.encryption).toEqual(encryption)
})

test.each([
  [{ FREEHOLD_S3_ENDPOINT: 's3.internal:9000' }, 'FREEHOLD_S3_ENDPOINT'],
  [{ FREEHOLD_S3_ACCESS_KEY_ID: 'id' }, 'set both, or neither'],
  [{ FREEHOLD_S3_PREFIX: 'a//b' }, 'FREEHOLD_S3_PREFIX'],
  [{ FREEHOLD_S3_PREFIX: 'a/../b' }, 'FREEHOLD_S3_PREFIX'],
  [{ FREEHOLD_S3_PREFIX: '/absolute' }, 'FREEHOLD_S3_PREFIX'],
  [{ FREEHOLD_S3_PATH_STYLE: 'yes' }, 'use on or off'],
  [{ FREEHOLD_S3_ENCRYPTION: 'AES256:key' }, 'FREEHOLD_S3_ENCRYPTION'],
])('%j is refused with what to correct', (env, said) => {
  expect(() => s3Of(env)).toThrow(said)
})
