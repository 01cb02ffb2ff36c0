import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLocalObjects } from '../local/create-local-objects.ts'
import { ObjectsUnavailable } from '../object-errors.ts'
import type { ObjectStore } from '../object-store.ts'
import { bodyOf, cutAfter, newKey, randomBytes } from './bodies.ts'
import { objectCases } from './objects.ts'
import { processCases } from './processes.ts'
import { uploadCases } from './uploads.ts'

let folder = ''
let store: ObjectStore
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'freehold-test-objects-'))
  store = createLocalObjects({ directory: join(folder, 'objects') })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a directory', () => {
  objectCases(() => store)
  uploadCases(() => store)
  processCases(
    () => store,
    () => ({ directory: join(folder, 'objects') }),
  )
})

const filesBelow = (directory: string) => readdirSync(directory, { recursive: true, withFileTypes: true })

test('only the user of the server can read what is stored', async () => {
  const directory = join(folder, 'modes')
  const [local, key] = [createLocalObjects({ directory }), newKey()]
  await local.put(key, bodyOf('private'), { maxBytes: 100 })
  await local.appendPart(key, await local.startParts(key), { offset: 0, body: bodyOf('private'), maxBytes: 100 })
  const modes = filesBelow(directory).map((entry) => [entry.isFile(), statSync(join(entry.parentPath, entry.name)).mode & 0o777])
  expect(modes.length).toBeGreaterThan(6)
  expect(modes.filter(([isFile, mode]) => mode !== (isFile ? 0o600 : 0o700))).toEqual([])
})

test('what failed, and what is deleted, leaves no file and no directory of its workspace', async () => {
  const directory = join(folder, 'clean')
  const [local, key] = [createLocalObjects({ directory }), newKey()]
  await expect(local.put(key, cutAfter(randomBytes(100_000), new Error('cut')), { maxBytes: 1e6 })).rejects.toThrow('cut')
  await local.put(key, bodyOf('deleted'), { maxBytes: 100 })
  const uploadId = await local.startParts(key)
  await local.abortParts(key, uploadId)
  await local.delete([key])
  expect(
    filesBelow(directory)
      .filter((entry) => entry.isFile() || entry.name.length > 5)
      .map(({ name }) => name),
  ).toEqual(['stored'])
})

test('objects of one workspace are stored and deleted at once without getting in the way of each other', async () => {
  const keys = Array.from({ length: 300 }, () => newKey('01890000-0000-7000-8000-000000000001'))
  await Promise.all(
    keys.map(async (key) => {
      await store.put(key, bodyOf('here and gone'), { maxBytes: 100 })
      await store.delete([key])
    }),
  )
  expect(await Array.fromAsync(store.list('01890000-0000-7000-8000-000000000001/'))).toEqual([])
})

test('a directory that cannot be used makes the store unavailable, not ready', async () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const local = createLocalObjects({ directory: join(file, 'objects') })
  expect(await local.ready()).toBe(false)
  await expect(local.put(newKey(), bodyOf('x'), { maxBytes: 1 })).rejects.toBeInstanceOf(ObjectsUnavailable)
  await expect(local.startParts(newKey())).rejects.toBeInstanceOf(ObjectsUnavailable)
  await expect(local.head(newKey())).rejects.toBeInstanceOf(ObjectsUnavailable)
})

test('clients come through us', async () => {
  expect(await store.uploadUrl(newKey(), { expiresInSeconds: 60 })).toBeNull()
  expect(await store.downloadUrl(newKey(), { fileName: 'a', contentType: 'text/plain', expiresInSeconds: 60 })).toBeNull()
})
