import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { newId } from '@freehold/kit'
import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '@freehold/db'
import type { DataKey } from '../deps.ts'
import { credentialResealer } from './credential-resealer.ts'
import { insertCredential } from './queries.ts'
import { storeValues } from './sealed-values.ts'
import { useCredential } from './use-credential.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const now = new Date()
const keys: DataKey[] = [1, 2].map((version) => ({ version, key: randomBytes(32) }))
const holding = (newest: DataKey) => ({
  keys: { newest: async () => newest, at: async (_db: unknown, _id: string, version: number) => keys[version - 1]! },
})

/** A change in the workspace's scope that the guard of the audit lets pass. */
function change<R>(workspaceId: string, fn: (tx: Tx) => Promise<R>): Promise<R> {
  return database.database.writes.transaction({ workspaceId }, async (tx) => {
    await tx.sql({ name: '', text: "select set_config('app.recorded_by', pg_current_xact_id()::text, true)", values: [] })
    return fn(tx)
  })
}

async function store(workspaceId: string, name: string, isDefault: boolean): Promise<string> {
  const id = newId()
  await change(workspaceId, async (tx) => {
    const fields = { base_url: 'https://api.github.com' }
    const common = { environment: null, masks: {}, needsSecret: false, version: 1, createdBy: null, now }
    await insertCredential(tx, { workspaceId, id, type: 'github', name, fields, isDefault, ...common })
    await storeValues(tx, holding(keys[0]!), { workspaceId, id, version: 1, secrets: { token: `token of ${name}` }, now })
  })
  return id
}

test('PR-04 values move to a new key in batches, and are the same behind it; another workspace stays as it was', async () => {
  const [mine, other] = [newId(), newId()]
  const ids = [await store(mine, 'one', true), await store(mine, 'two', false), await store(mine, 'three', false)]
  await store(other, 'theirs', true)
  const of = { workspaceId: mine, newest: keys[1]!, at: async (version: number) => keys[version - 1]!, limit: 2 }
  const batch = () => change(mine, (tx) => credentialResealer.reseal(tx, of))
  expect([await batch(), await batch(), await batch()]).toEqual([2, 1, 0])
  // The old key is no longer needed.
  const deps = {
    keys: {
      ...holding(keys[1]!).keys,
      at: async (_db: unknown, _id: string, version: number) => (version === 2 ? keys[1]! : Promise.reject(new Error('gone'))),
    },
  }
  const db = database.database.reads.under({ workspaceId: mine })
  const opened = await useCredential(db, deps, { workspaceId: mine, id: ids[1]! })
  expect(opened.secrets['token']!.revealFor(opened.destination)).toBe('token of two')
  expect(() => opened.secrets['token']!.revealFor('https://elsewhere.example.com')).toThrow(/another destination/)
  expect(inspect(opened) + JSON.stringify(opened) + String(opened.secrets['token'])).not.toContain('token of')
  expect((await useCredential(db, deps, { workspaceId: mine, type: 'github' })).name).toBe('one')
  await expect(useCredential(db, deps, { workspaceId: mine, type: 'slack' })).rejects.toMatchObject({ code: 'not_found' })
  const theirs = database.database.reads.under({ workspaceId: other })
  await expect(useCredential(theirs, deps, { workspaceId: other, id: ids[0]! })).rejects.toMatchObject({ code: 'not_found' })
})
