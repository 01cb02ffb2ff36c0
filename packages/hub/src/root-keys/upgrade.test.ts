import { randomBytes } from 'node:crypto'
import { ensureAppRole, openDatabase, readMigrations } from '@freehold/db'
import { deriveKey, newId, seal, unseal } from '@freehold/kit'
import { createEmptyDatabase } from '@freehold/testing'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createWorkspaceKeys } from '../workspace-keys/index.ts'
import { givenSources, openTestRootKeys } from '../test-fixtures/index.ts'

/** A database as it was before root keys had versions, with what one root key has sealed in it. */
async function openEarlier(rootKey: Buffer) {
  const { url, superuserUrl } = await createEmptyDatabase()
  await ensureAppRole(url)
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  await owner.query(
    'create schema freehold; create table freehold.migration (name text primary key, checksum text, applied_at timestamptz default now())',
  )
  for (const { name, sql, checksum } of readMigrations().filter((migration) => migration.name < '0007')) {
    await owner.query(sql)
    await owner.query('insert into freehold.migration (name, checksum) values ($1, $2)', [name, checksum])
  }
  await owner.end()
  const [workspaceId, userId, dataKey] = [newId(), newId(), randomBytes(32)]
  const superuser = new pg.Client({ connectionString: superuserUrl })
  await superuser.connect()
  onTestFinished(() => superuser.end())
  await superuser.query("set session_replication_role = 'replica'")
  const wrapped = seal(deriveKey(rootKey, 'workspace keys'), dataKey, [workspaceId, '1'])
  await superuser.query('insert into hub.installation (id, created_at) values ($1, now())', [newId()])
  await superuser.query('insert into hub.workspace_key values ($1, 1, $2, now())', [workspaceId, wrapped])
  await superuser.query('insert into hub.totp values ($1, $2, 0, now())', [
    userId,
    seal(deriveKey(rootKey, 'totp'), 'SECRET', ['totp', userId]),
  ])
  const database = await openDatabase({ url })
  onTestFinished(() => database.close())
  return { database, superuser, workspaceId, userId, dataKey, wrapped }
}

test('what was sealed before root keys had versions opens after the upgrade, under the right key only, and tokens keep their signing key', async () => {
  const rootKey = randomBytes(32)
  const { database, superuser, workspaceId, userId, dataKey, wrapped } = await openEarlier(rootKey)
  const wrong = await openTestRootKeys(database, givenSources(randomBytes(32)))
  onTestFinished(() => wrong.stop())
  expect(wrong.status()).toMatchObject({ sealed: true })

  const roots = await openTestRootKeys(database, givenSources(rootKey))
  onTestFinished(() => roots.stop())
  expect(roots.status()).toMatchObject({ sealed: false, versions: [{ version: 1, isHeld: true }] })
  expect((await createWorkspaceKeys(roots).at(database.reads.under({ workspaceId }), workspaceId, 1)).key).toEqual(dataKey)
  const { rows } = await superuser.query<{ sealed: Buffer }>('select sealed from hub.totp')
  expect(unseal((await roots.at(1)).derive('totp'), rows[0]!.sealed, ['totp', userId]).toString()).toBe('SECRET')
  expect(roots.lasting('workspace tokens')).toEqual(deriveKey(rootKey, 'workspace tokens'))
  expect(roots.lasting('audit chain heads')).toEqual(deriveKey(rootKey, 'audit chain heads'))
  // The tenant's wrapped key showed which root key is right; no copy of it may stay.
  const checks = await superuser.query<{ check_sealed: Buffer }>('select check_sealed from hub.root_key')
  expect(checks.rows.map(({ check_sealed }) => check_sealed.equals(wrapped))).toEqual([false])
})

test('an installation that has sealed nothing yet takes the key that its file has had, and signs as before', async () => {
  const rootKey = randomBytes(32)
  const { database, superuser } = await openEarlier(rootKey)
  await superuser.query('update hub.root_key set check_purpose = null, check_place = null, check_sealed = null')
  const roots = await openTestRootKeys(database, givenSources(rootKey))
  onTestFinished(() => roots.stop())
  expect(roots.lasting('workspace tokens')).toEqual(deriveKey(rootKey, 'workspace tokens'))
})
