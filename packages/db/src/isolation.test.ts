import { cloneTemplate, testCluster } from '@freehold/testing'
import { randomBytes } from 'node:crypto'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { appRole, ensureAppRole } from './app-role.ts'
import { openDatabase } from './database.ts'
import { assertIsolation, openTables } from './isolation.ts'
import { StartupError } from './startup-error.ts'
import { runAs } from './test-fixtures/notes.ts'

type Clone = Awaited<ReturnType<typeof cloneTemplate>> & { appUrl: string }
const clones: Clone[] = []

async function clone(): Promise<Clone> {
  const made = await cloneTemplate()
  const copy = { ...made, appUrl: await ensureAppRole(made.url) }
  clones.push(copy)
  return copy
}
afterAll(async () => {
  for (const { name } of clones) await runAs(testCluster().superuserUrl, `drop database ${name} with (force)`)
})

const refusalOf = (appUrl: string) =>
  assertIsolation(appUrl).then(
    () => 'started',
    (error: unknown) => {
      expect(error).toBeInstanceOf(StartupError)
      return (error as Error).message
    },
  )

const protection = (table: string) => `alter table ${table} enable row level security; alter table ${table} force row level security;
  create policy p on ${table} using (id = 0)`

test('BX-08 a database as the migrations leave it is started on', async () => {
  const { appUrl } = await clone()
  expect(await refusalOf(appUrl)).toBe('started')
})

test.each<[fault: string, statements: string, named: string]>([
  ['a table without row-level security', 'create table hub.stray (id int)', 'hub.stray has no forced row-level security'],
  [
    'a table whose owner is not bound',
    `create table instance.stray (id int); ${protection('instance.stray')}; alter table instance.stray no force row level security`,
    'instance.stray has no forced row-level security',
  ],
  ['a table that was unbound later', 'alter table hub.workspace no force row level security', 'hub.workspace has no forced'],
  ['a table whose protection was switched off', 'alter table hub.credential disable row level security', 'hub.credential has no forced'],
  [
    'a table without a policy',
    'create table hub.stray (id int); alter table hub.stray enable row level security, force row level security',
    'hub.stray has no policy',
  ],
  [
    'a policy that shows every row',
    'create policy all_of_it on hub.account for select using (true)',
    'hub.account has a policy that covers every row',
  ],
  [
    'a policy that lets every row be written',
    'create policy all_of_it on hub.account for insert with check (true)',
    'hub.account has a policy that covers every row',
  ],
  [
    'a partition without protection of its own',
    `create table hub.parted (id int) partition by list (id); ${protection('hub.parted')}; create table hub.part partition of hub.parted for values in (1)`,
    'hub.part has no forced row-level security',
  ],
  [
    'a view that reads as its owner',
    'create view hub.every_account as select * from hub.account',
    'hub.every_account is a view that reads as its owner',
  ],
  [
    'a view that says so',
    'create view hub.every_account with (security_invoker = off) as select * from hub.account',
    'hub.every_account is a view that reads as its owner',
  ],
  ['a materialized view', 'create materialized view instance.copy as select * from hub.account', 'instance.copy is a materialized view'],
  [
    'a function that runs as its owner',
    'create function hub.peek() returns bigint language sql security definer as $$ select count(*) from hub.account $$',
    'hub.peek runs as its owner',
  ],
  ['a right to truncate', `grant truncate on hub.audit_event to ${appRole}`, `may truncate hub.audit_event`],
  ['a right to truncate that everybody has', 'grant truncate on hub.audit_event to public', `may truncate hub.audit_event`],
  ['a right to make objects among ours', `grant create on schema hub to ${appRole}`, 'may create objects in schema hub'],
  [
    'a right to make objects beside the migrations',
    `grant create on schema freehold to ${appRole}`,
    'may create objects in schema freehold',
  ],
])('BX-08 %s is refused, by name', async (_, statements, named) => {
  const { url, appUrl } = await clone()
  await runAs(url, statements)
  const refusal = await refusalOf(appUrl)
  expect(refusal).toMatch(/^Refusing to start: tenant isolation is not in force\. [^\n]+\.$/)
  expect(refusal).toContain(named)
})

test.each<[fault: string, statements: string, named: string]>([
  ['a table that belongs to the application', `alter table hub.gate owner to ${appRole}`, `the role ${appRole} owns hub.gate`],
  [
    'a foreign table',
    'create foreign data wrapper nothing; create server nowhere foreign data wrapper nothing; create foreign table hub.remote (id int) server nowhere',
    'hub.remote is a materialized view or a foreign table',
  ],
])('BX-08 %s is refused, by name (made by a superuser)', async (_, statements, named) => {
  const { superuserUrl, appUrl } = await clone()
  await runAs(superuserUrl, statements)
  expect(await refusalOf(appUrl)).toContain(named)
})

test.each<[fault: string, role: string, named: string]>([
  ['a superuser', 'superuser', 'is a superuser'],
  ['a role with BYPASSRLS', 'bypassrls', 'has BYPASSRLS'],
  ['a role that can become the owner', 'in role freehold_owner', 'can become freehold_owner'],
  ['a role that can become the owner without inheriting', 'noinherit in role freehold_owner', 'can become freehold_owner'],
  ['a role that may read everything', 'in role pg_read_all_data', 'can become pg_read_all_data'],
])('BX-08 %s is refused, by name', async (_, attributes, named) => {
  const { superuserUrl, url } = await clone()
  const role = `role_${randomBytes(6).toString('hex')}`
  await runAs(superuserUrl, `create role ${role} login ${attributes}`)
  onTestFinished(async () => void (await runAs(superuserUrl, `drop role ${role}`)))
  const roleUrl = new URL(url)
  roleUrl.username = role
  expect(await refusalOf(roleUrl.href)).toContain(`the role ${role} ${named}`)
})

test('BX-08 the migrator itself and a superuser are refused as the application', async () => {
  const { url, superuserUrl } = await clone()
  expect(await refusalOf(url)).toContain('the role freehold_owner owns hub.account')
  expect(await refusalOf(superuserUrl)).toContain('the role postgres is a superuser')
})

test('BX-08 every fault is named in the one line, not only the first', async () => {
  const { url, appUrl } = await clone()
  await runAs(url, `create table hub.first (id int); create table hub.second (id int); grant truncate on hub.gate to ${appRole}`)
  const refusal = await refusalOf(appUrl)
  for (const named of ['hub.first has no policy', 'hub.second has no policy', 'may truncate hub.gate']) expect(refusal).toContain(named)
})

test('BX-08 a view that reads as its reader, however that is written, is started on', async () => {
  const { url, appUrl } = await clone()
  for (const [index, word] of ['true', 'on', '1', 'yes'].entries()) {
    await runAs(url, `create view hub.view_${index} with (security_invoker = ${word}) as select * from hub.account`)
  }
  expect(await refusalOf(appUrl)).toBe('started')
})

test('BX-08 the start itself refuses, and leaves no connection behind', async () => {
  const { name, url, superuserUrl } = await clone()
  await runAs(url, 'create table hub.stray (id int)')
  await expect(openDatabase({ url })).rejects.toThrow('hub.stray has no policy')
  const left = await runAs(
    superuserUrl,
    "select from pg_stat_activity where datname = $1 and application_name like 'freehold-%' and state <> 'idle'",
    [name],
  )
  expect(left).toEqual([])
})

test('what the application may see of every tenant is a short list, each with its reason', () => {
  expect(Object.keys(openTables)).toEqual([
    'hub.gate',
    'hub.installation',
    'hub.spicedb',
    'hub.relationship_outbox',
    'hub.audit_unsealed',
    'hub.api_key_notice',
    'instance.vault_task',
    'hub.saga_pending',
  ])
  expect(Object.values(openTables).filter((reason) => reason.length < 20)).toEqual([])
})
