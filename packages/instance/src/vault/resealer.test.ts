import { newId, seal } from '@freehold/kit'
import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newHashKey, openHashKey, placeOfHashKey } from './open-collection.ts'
import { insertCollection, lockCollectionById } from './queries.ts'
import { findRecord, insertRecords } from './record-queries.ts'
import { vaultResealer } from './resealer.ts'
import { openFields, sealFields } from './sealing.ts'
import { sensitiveFields } from './schema/field-types.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.database.close())

const workspaceId = newId()
const now = new Date()
const schema = { type: 'object', properties: { ssn: { type: 'string', 'x-sensitive': { index: 'equality' } } } }
const old = { version: 1, key: randomBytes(32) }
const fresh = { version: 2, key: randomBytes(32) }

/** The audit guard holds here too; what is written marks itself. */
function write<R>(fn: (tx: Parameters<Parameters<TestDatabase['database']['writes']['transaction']>[1]>[0]) => Promise<R>): Promise<R> {
  return db.database.writes.transaction({ workspaceId }, async (tx) => {
    await tx.sql({ name: '', text: "select set_config('app.recorded_by', pg_current_xact_id()::text, true)", values: [] })
    return fn(tx)
  })
}

test('GF-20 a rotated data key seals records and hash keys anew, in batches, and what is hashed stays comparable', async () => {
  const id = newId()
  const place = { workspaceId, collectionId: id }
  const hash = newHashKey(old, workspaceId, id)
  const ids = Array.from({ length: 5 }, () => newId())
  await write(async (tx) => {
    const row = { workspaceId, id, name: 'people', description: '', schema, indexes: [], nextIndexNo: 1, createdBy: newId(), now }
    await insertCollection(tx, { ...row, hashKey: hash.sealed, keyVersion: 1 })
    const rows = ids.map((recordId) => {
      const sealed = sealFields(
        { ssn: `of ${recordId}` },
        sensitiveFields(schema),
        { data: old, hash: hash.key },
        { ...place, recordId, version: 1 },
      )
      return { id: recordId, version: 1, ...sealed, keyVersion: 1, entries: [] }
    })
    await insertRecords(tx, place, rows, now)
  })
  const before = await write((tx) => findRecord(tx, place, ids[0]!))
  const batches: number[] = []
  for (let done = -1; done !== 0; batches.push(done))
    done = await write((tx) => vaultResealer.resealBatch(tx, workspaceId, { from: [old], to: fresh, limit: 2 }))
  expect(batches).toEqual([2, 2, 2, 0])

  await write(async (tx) => {
    for (const recordId of ids) {
      const record = (await findRecord(tx, place, recordId))!
      expect(record.key_version).toBe(2)
      expect(openFields(record.data, record.sealed, fresh.key, { ...place, recordId, version: 1 })).toEqual({ ssn: `of ${recordId}` })
      expect(() => openFields(record.data, record.sealed, old.key, { ...place, recordId, version: 1 })).toThrow(/authenticate/)
    }
    expect((await findRecord(tx, place, ids[0]!))!.hashes).toEqual(before!.hashes)
    const row = (await lockCollectionById(tx, workspaceId, id, 'share'))!
    const keys = { newest: async () => fresh, at: async () => fresh }
    expect(await openHashKey(tx, { keys } as never, workspaceId, row)).toEqual(hash.key)
  })
  expect(seal(fresh.key, hash.key, placeOfHashKey(workspaceId, id))).not.toEqual(hash.sealed)
})
