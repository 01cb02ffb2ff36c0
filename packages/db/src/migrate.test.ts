import { cloneTemplate, createEmptyDatabase, testCluster } from '@freehold/testing'
import { afterAll, expect, test } from 'vitest'
import { appRole, ensureAppRole } from './app-role.ts'
import { openDatabase } from './database.ts'
import { migrate, readMigrations } from './migrate.ts'
import { StartupError } from './startup-error.ts'
import { runAs } from './test-fixtures/notes.ts'

const names = readMigrations().map(({ name }) => name)
const made: string[] = []
async function keep<T extends { name: string }>(database: Promise<T>): Promise<T> {
  const opened = await database
  made.push(opened.name)
  return opened
}
afterAll(async () => {
  for (const name of made) await runAs(testCluster().superuserUrl, `drop database ${name} with (force)`)
})

/** Everything that the migrations make, as text. */
async function shapeOf(url: string): Promise<unknown[]> {
  return runAs(
    url,
    `select 'column' as kind, n.nspname || '.' || c.relname || '.' || a.attname as name, format_type(a.atttypid, a.atttypmod) || a.attnotnull as shape
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('hub', 'instance', 'freehold') and a.attnum > 0 and not a.attisdropped
     union all select 'policy', p.polname || ' on ' || p.polrelid::regclass, pg_get_expr(p.polqual, p.polrelid) from pg_policy p
     union all select 'constraint', conname || ' on ' || conrelid::regclass, pg_get_constraintdef(oid) from pg_constraint where connamespace::regnamespace::text in ('hub', 'instance')
     order by 1, 2`,
  )
}

test('an empty database is brought up to this version, and a second start changes nothing', async () => {
  const { url } = await keep(createEmptyDatabase())
  await ensureAppRole(url)
  expect(await migrate(url)).toEqual(names)
  const shape = await shapeOf(url)
  expect(await migrate(url)).toEqual([])
  expect(await shapeOf(url)).toEqual(shape)
  const recorded = await runAs(url, 'select name, checksum from freehold.migration order by name')
  expect(recorded).toEqual(readMigrations().map(({ name, checksum }) => ({ name, checksum })))
})

test('names are numbered without a gap or a repetition', () => {
  expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1))
})

test('a migration that was edited after it was applied is refused, and nothing runs', async () => {
  const { url } = await keep(cloneTemplate())
  const edited = names[1]!
  await runAs(
    url,
    `update freehold.migration set checksum = 'other' where name = '${edited}'; delete from freehold.migration where name = '${names.at(-1)}'`,
  )
  let further = 0
  const refused = migrate(url, async () => void further++)
  await expect(refused).rejects.toThrow(StartupError)
  await expect(refused).rejects.toThrow(`Migration ${edited} differs`)
  expect(further).toBe(0)
  expect(await runAs(url, 'select from freehold.migration')).toHaveLength(names.length - 1)
})

test('a database of a newer version is refused', async () => {
  const { url } = await keep(cloneTemplate())
  await runAs(url, "insert into freehold.migration (name, checksum) values ('9999_future.sql', 'x')")
  await expect(migrate(url)).rejects.toThrow(
    new StartupError(
      'The database has migration 9999_future.sql, which this version does not know. Start a version of Freehold at least as new as the database.',
    ),
  )
})

test('processes that start at once on an empty database all open it; each migration is applied once', async () => {
  const { url } = await keep(createEmptyDatabase())
  let atOnce = 0
  let most = 0
  const further = async () => {
    most = Math.max(most, ++atOnce)
    await runAs(url, 'select pg_sleep(0.02)')
    atOnce--
  }
  const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url, further, readConnections: 1, writeConnections: 1 })))
  await Promise.all(opened.map((database) => database.close()))
  expect(most).toBe(1)
  expect(await runAs(url, 'select name from freehold.migration order by name')).toEqual(names.map((name) => ({ name })))
})

test('a migration that fails is rolled back whole, is named, and runs once what hindered it is gone', async () => {
  const { url } = await keep(createEmptyDatabase())
  await ensureAppRole(url)
  await runAs(url, 'create schema instance')
  await expect(migrate(url)).rejects.toThrow(`migration ${names[0]} failed`)
  expect(await runAs(url, "select from pg_namespace where nspname = 'hub'")).toEqual([])
  expect(await runAs(url, 'select from freehold.migration')).toEqual([])
  await runAs(url, 'drop schema instance')
  expect(await migrate(url)).toEqual(names)
})

test('FH002 the guard refuses a change of every protected table whose transaction has no record, and takes one that has', async () => {
  const { superuserUrl } = await keep(cloneTemplate())
  const change = `insert into hub.account (id, name, slug, created_at, updated_at) values (gen_random_uuid(), 'a', gen_random_uuid()::text, now(), now())`
  const audit = `insert into hub.audit_event (id, chain_kind, chain_id, at, actor_kind, actor_id, actor_label, action, resource_kind, resource_id, resource_label)
    values (gen_random_uuid(), 'user', gen_random_uuid(), now(), 'user', '1', 'a', 'account.create', 'account', '1', 'a')`
  const accounts = async () => (await runAs(superuserUrl, 'select from hub.account')).length

  await expect(runAs(superuserUrl, change)).rejects.toMatchObject({ code: 'FH002' })
  await expect(runAs(superuserUrl, `begin; ${audit}; commit; begin; ${change}; commit`)).rejects.toMatchObject({ code: 'FH002' })
  expect(await accounts()).toBe(0)

  await runAs(superuserUrl, `begin; ${change}; ${audit}; commit`)
  await runAs(superuserUrl, `begin; ${audit}; ${change}; commit`)
  expect(await accounts()).toBe(2)

  for (const unrecorded of ["update hub.account set name = 'b'", 'delete from hub.account']) {
    await expect(runAs(superuserUrl, unrecorded)).rejects.toMatchObject({ code: 'FH002' })
  }
  await runAs(superuserUrl, `begin; savepoint s; ${audit}; release s; update hub.account set name = 'c'; commit`)
})

test('FH002 a saga journal row records a change as an audit event does; a rolled-back record does not', async () => {
  const { superuserUrl } = await keep(cloneTemplate())
  const id = '01900000-0000-7000-8000-000000000001'
  const workspace = `insert into hub.account values ('${id}', 'a', 'a', now(), now()); insert into hub.gate values ('${id}', 'workspace');
    insert into hub.workspace (id, account_id, name, slug, status, region, tenancy_model, created_at, updated_at) values ('${id}', '${id}', 'a', 'a', 'active', 'x', 'shared', now(), now())`
  const run = `insert into hub.saga_run (id, saga, workspace_id, account_id, input, status, created_at) values ('${id}', 's', '${id}', '${id}', '{}', 'queued', now())`
  await expect(runAs(superuserUrl, `begin; ${workspace}; savepoint s; ${run}; rollback to s; commit`)).rejects.toMatchObject({
    code: 'FH002',
  })
  await runAs(superuserUrl, `begin; ${workspace}; ${run}; commit`)
  await runAs(superuserUrl, `begin; update hub.workspace set name = 'b'; update hub.saga_run set status = 'running'; commit`)
})

test('every table is guarded, or is on the reviewed list of those that need no record', async () => {
  const { url } = await keep(cloneTemplate())
  const unguarded = await runAs<{ name: string }>(
    url,
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('hub', 'instance') and c.relkind in ('r', 'p')
       and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname in ('require_record', 'mark_recorded')) order by 1`,
  )
  expect(unguarded.map(({ name }) => name)).toEqual([
    'hub.answered_challenge', // what was spent beside a session that is recorded
    'hub.api_key_notice', // the queue of the sweep of ending keys
    'hub.audit_head', // written by the sealer about events that are recorded already
    'hub.audit_unsealed', // the sealer's queue
    'hub.credential_use', // when a credential was last used
    'hub.gate', // raised beside a change that is recorded itself
    'hub.idempotency', // answers to requests that were recorded
    'hub.installation_key', // keys of the installation itself, beside no tenant's change
    'hub.member_activity', // when somebody was last active
    'hub.relationship_outbox', // written beside a tuple that is recorded itself
    'hub.root_key', // which root keys there are: an operator's rotation
    'hub.saga_pending', // the worker's queue
    'hub.spicedb', // whether relationships go there: an operator's setting
    'hub.throttle', // failed attempts
    'instance.file_cleanup', // the queue of the sweep of bytes that nobody needs
    'instance.secret_reminder', // the queue of the sweep of due rotations
    'instance.vault_index_entry', // made from records, whose changes are recorded
    'instance.vault_task', // the queue of building indexes and removing what was deleted
  ])
})

test(`the migrations grant nothing to anybody but ${appRole}`, async () => {
  const { url } = await keep(cloneTemplate())
  const others = await runAs(
    url,
    `select c.relname, a.grantee::regrole::text as grantee, a.privilege_type from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
     where n.nspname in ('hub', 'instance', 'freehold') and a.grantee <> c.relowner and a.grantee::regrole::text <> $1`,
    [appRole],
  )
  expect(others).toEqual([])
})
