import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTables } from './isolation.ts'
import { dropDatabase, runAs } from './test-fixtures/notes.ts'
import { insertRow, marksOf, newTenant, type Row, settingsOf, tenantRows } from './test-fixtures/tenant-rows.ts'

// Tables whose rows anybody may write: they name no tenant. Each is open for reading for the reason in `openTables`.
const openForWriting = [
  'hub.api_key_notice',
  'hub.audit_unsealed',
  'hub.installation',
  'hub.installation_key',
  'hub.relationship_outbox',
  'hub.root_key',
  'hub.saga_pending',
  'hub.spicedb',
  'instance.file_cleanup',
  'instance.secret_reminder',
]

// What a tenant's row may be made to point at although it is another's, each with its reason.
const movable = { 'hub.user_group.claim_value': 'a value of the identity provider’s claim, which groups of several accounts may follow' }

const [mine, theirs, nobody] = [newTenant(), newTenant(), newTenant()]
const marks = marksOf(theirs)

let db: TestDatabase
let app: pg.Client
let relations: { name: string; kind: string; writable: boolean }[]
let columns: { table: string; name: string; updatable: boolean; key: boolean }[]
let policies: { table: string; command: string; condition: string }[]

beforeAll(async () => {
  db = await createTestDatabase()
  const superuser = new pg.Client({ connectionString: db.superuserUrl })
  await superuser.connect()
  await superuser.query("begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  for (const [table, rows] of Object.entries(tenantRows)) {
    for (const tenant of [mine, theirs]) for (const row of rows(tenant)) await insertRow(superuser, table, row)
  }
  await superuser.query('commit; analyze')
  await superuser.end()
  app = new pg.Client({ connectionString: db.database.appUrl })
  await app.connect()
  await readCatalog()
})
afterAll(async () => {
  await app.end()
  await dropDatabase(db)
})

async function readCatalog(): Promise<void> {
  const ours = "c.relnamespace::regnamespace::text in ('hub', 'instance')"
  relations = await runAs(
    db.url,
    `select c.oid::regclass::text as name, c.relkind as kind, c.relkind in ('r', 'p') as writable from pg_class c
    where ${ours} and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1`,
  )
  columns = await runAs(
    db.database.appUrl,
    `select c.oid::regclass::text as table, a.attname as name, has_column_privilege(c.oid, a.attnum, 'UPDATE') as updatable,
      exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey)) as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped where ${ours} and c.relkind in ('r', 'p') order by 1, a.attnum`,
  )
  policies = await runAs(
    db.url,
    `select c.oid::regclass::text as table, p.polcmd as command, concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as condition
    from pg_policy p join pg_class c on c.oid = p.polrelid where ${ours}`,
  )
}

const tables = () => relations.filter(({ writable }) => writable).map(({ name }) => name)
const closed = () => relations.filter(({ name }) => !(name in openTables)).map(({ name }) => name)
const closedForWriting = () => tables().filter((name) => !openForWriting.includes(name))
const giveAway = (value: unknown) => marks.filter((mark) => textOf(value).includes(mark))
const textOf = (value: unknown) =>
  JSON.stringify(value, (_, part: unknown) => (isBufferJson(part) ? Buffer.from(part.data).toString('hex') : part)) ?? ''
const isBufferJson = (part: unknown): part is { data: number[] } =>
  typeof part === 'object' && part !== null && 'type' in part && part.type === 'Buffer'

/** Runs as the application under these settings, in a transaction that is rolled back. */
async function under<R>(settings: Record<string, string>, attack: () => Promise<R>): Promise<R> {
  await app.query('begin')
  try {
    for (const [name, value] of Object.entries(settings)) await app.query("select set_config('app.' || $1, $2, true)", [name, value])
    return await attack()
  } finally {
    await app.query('rollback')
  }
}

/** The rows that a statement gave, or the code of its refusal. */
async function tried(text: string, values: unknown[] = []): Promise<{ rows: Row[]; refused?: string }> {
  await app.query('savepoint attack')
  try {
    const { rows } = await app.query<Row>(text, values)
    await app.query('release attack')
    return { rows }
  } catch (error) {
    await app.query('rollback to attack')
    return { rows: [], refused: (error as pg.DatabaseError).code ?? String(error) }
  }
}

async function insertionOf(table: string, row: Row, conflict?: string): Promise<string> {
  await app.query('savepoint attack')
  try {
    await insertRow(app, table, row, conflict)
    return 'accepted'
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error)
  } finally {
    await app.query('rollback to attack')
  }
}

const everySetting = Object.entries(settingsOf(mine)).map(([name, value]) => ({ by: `my own ${name}`, settings: { [name]: value } }))
const scopes = [...everySetting, { by: 'everything that is mine', settings: settingsOf(mine) }]

test('every table has rows of two tenants to attack: a new one needs its rows in test-fixtures/tenant-rows.ts', () => {
  expect(Object.keys(tenantRows).toSorted()).toEqual(tables())
  for (const [table, rows] of Object.entries(tenantRows)) {
    for (const row of rows(theirs)) expect(giveAway(row), table).not.toEqual([])
    for (const row of rows(mine)) expect(giveAway(row), table).toEqual([])
  }
})

test('every setting by which a policy shows rows is tried, and no other', () => {
  const named = policies.flatMap(({ condition }) => Array.from(condition.matchAll(/'app\.(\w+)'/g), ([, name]) => name!))
  expect([...new Set(named)].toSorted()).toEqual(Object.keys(settingsOf(mine)).toSorted())
})

test('a table is open to everybody only where the list says why, and only those without a tenant for writing', () => {
  const open = policies.filter(({ condition }) => /^true(?: true)?$/.test(condition))
  expect([...new Set(open.map(({ table }) => table))].toSorted()).toEqual(Object.keys(openTables).toSorted())
  expect(
    open
      .filter(({ command }) => command !== 'r')
      .map(({ table }) => table)
      .toSorted(),
  ).toEqual(openForWriting)
})

test('without a scope no table shows a row', async () => {
  for (const settings of [{}, Object.fromEntries(Object.keys(settingsOf(mine)).map((name) => [name, '']))]) {
    await under(settings, async () => {
      for (const name of closed()) expect((await tried(`select * from ${name}`)).rows, name).toEqual([])
    })
  }
})

test('without a scope no table takes a row, and none can be changed or removed', async () => {
  await under({}, async () => {
    for (const table of closedForWriting()) {
      for (const row of tenantRows[table]!(nobody)) expect(await insertionOf(table, row), `insert into ${table}`).toBe('42501')
      expect((await tried(`delete from ${table} returning *`)).rows, `delete from ${table}`).toEqual([])
    }
    for (const { table, name, updatable } of columns.filter(({ table }) => !openForWriting.includes(table))) {
      const { rows, refused } = await tried(`update ${table} set ${name} = ${name} returning *`)
      expect(rows, `update ${table}.${name}`).toEqual([])
      if (!updatable) expect(refused, `update ${table}.${name}`).toBe('42501')
    }
  })
})

test.each(scopes)('under $by no table shows a row of another tenant', async ({ settings }) => {
  await under(settings, async () => {
    for (const name of closed()) {
      const { rows, refused } = await tried(`select * from ${name}`)
      expect(refused, name).toBeUndefined()
      expect(giveAway(rows), name).toEqual([])
    }
  })
})

test('under everything that is mine each table shows my rows, so that the sweep attacks something', async () => {
  await under(settingsOf(mine), async () => {
    for (const [table, rows] of Object.entries(tenantRows)) {
      expect((await tried(`select * from ${table}`)).rows.length, table).toBeGreaterThanOrEqual(rows(mine).length)
    }
  })
})

test.each(scopes)('under $by no row of another tenant can be made, changed or removed', async ({ settings }) => {
  await under(settings, async () => {
    for (const table of closedForWriting()) {
      for (const row of tenantRows[table]!(nobody)) expect(await insertionOf(table, row), `insert into ${table}`).toBe('42501')
      expect(giveAway((await tried(`delete from ${table} returning *`)).rows), `delete from ${table}`).toEqual([])
    }
    for (const { table, name } of columns.filter(({ table }) => !openForWriting.includes(table))) {
      const { rows } = await tried(`update ${table} set ${name} = ${name} returning *`)
      expect(giveAway(rows), `update ${table}.${name}`).toEqual([])
    }
  })
})

test('a row of another tenant is not overwritten by one of mine that meets its key', async () => {
  await under(settingsOf(mine), async () => {
    for (const table of closedForWriting()) {
      for (const row of tenantRows[table]!(theirs)) {
        const column = Object.keys(row)[0]!
        const outcome = await insertionOf(table, row, `on conflict do nothing`)
        expect(outcome, table).toBe('42501')
        const keys = await primaryKeyOf(table)
        const overwrite = `on conflict (${keys.join(', ')}) do update set ${column} = excluded.${column}`
        expect(await insertionOf(table, row, overwrite), table).toBe('42501')
      }
    }
  })
})

test('a row of mine cannot be given to another tenant, nor point at what is another’s', async () => {
  const counterpart = new Map(Object.entries(mine).flatMap(([name, value]) => [[textOf(value), theirs[name as keyof typeof theirs]]]))
  const accepted: string[] = []
  await under(settingsOf(mine), async () => {
    for (const { table, name, key } of columns.filter(({ table, updatable }) => updatable && !openForWriting.includes(table))) {
      const isScope = policies.some((policy) => policy.table === table && new RegExp(`\\b${name}\\b`).test(policy.condition))
      if (!isScope && !key) continue
      for (const row of tenantRows[table]!(mine)) {
        const target = counterpart.get(textOf(row[name]))
        if (target === undefined) continue
        const { rows } = await tried(`update ${table} set ${name} = $1 where ${name} = $2 returning *`, [target, row[name]])
        if (rows.length > 0) accepted.push(`${table}.${name}`)
      }
    }
  })
  expect([...new Set(accepted)].toSorted()).toEqual(Object.keys(movable))
})

test('a reference between tables of workspaces holds the workspace too, so that it cannot lead into another', async () => {
  const references = await runAs<{ reference: string; whole: boolean }>(
    db.url,
    `with scoped as (select attrelid, attnum from pg_attribute where attname = 'workspace_id' and attnum > 0)
     select k.conrelid::regclass || '.' || (select string_agg(attname, ',') from pg_attribute where attrelid = k.conrelid and attnum = any (k.conkey)) as reference,
            (child.attnum = any (k.conkey) and parent.attnum = any (k.confkey))
              -- What is a person's own holds the person instead.
              or exists (select from pg_attribute own where own.attrelid = k.conrelid and own.attname = 'user_id' and own.attnum = any (k.conkey)) as whole
     from pg_constraint k join scoped child on child.attrelid = k.conrelid join scoped parent on parent.attrelid = k.confrelid
     where k.contype = 'f' and k.connamespace::regnamespace::text in ('hub', 'instance')`,
  )
  expect(references.length).toBeGreaterThan(1)
  expect(references.filter(({ whole }) => !whole).map(({ reference }) => reference)).toEqual([])
  await under(settingsOf(mine), async () => {
    const [step] = tenantRows['hub.saga_step']!(mine)
    expect(await insertionOf('hub.saga_step', { ...step, run_id: theirs.runId })).toBe('23503')
  })
})

test('no function that the application may call gives a row of another tenant, nor leaves it a wider scope', async () => {
  const functions = await runAs<{ name: string; arguments: string[]; allowed: boolean }>(
    db.database.appUrl,
    `select p.oid::regproc::text as name, coalesce((select array_agg(t::regtype::text order by n) from unnest(p.proargtypes) with ordinality as a (t, n)), '{}') as arguments,
            has_function_privilege(p.oid, 'EXECUTE') as allowed
     from pg_proc p where p.pronamespace::regnamespace::text in ('hub', 'instance') and p.prorettype <> 'trigger'::regtype order by 1`,
  )
  const values: Record<string, string[]> = {
    text: [theirs.workspaceId, 'app.workspace_id', ''],
    jsonb: ['{}'],
    regclass: ['hub.account'],
    'timestamp with time zone': ['2026-01-01'],
  }
  expect(functions.filter(({ allowed }) => !allowed).map(({ name }) => name)).toEqual([
    'hub.protect',
    'hub.protect_tenant_table',
    'hub.protect_workspace_table',
  ])
  for (const { name, arguments: types, allowed } of functions) {
    for (const value of [0, 1, 2]) {
      const given = types.map((type) => values[type]?.at(value % values[type].length))
      expect(given, `${name}(${types.join(', ')}) needs values to be called with`).not.toContain(undefined)
      await under(settingsOf(mine), async () => {
        const call = await tried(`select ${name}(${types.map((type, index) => `$${index + 1}::${type}`).join(', ')}) as answer`, given)
        expect(giveAway(call.rows), name).toEqual([])
        if (!allowed) expect(call.refused, name).toBe('42501')
        for (const table of closed()) expect(giveAway((await tried(`select * from ${table}`)).rows), `${name}, then ${table}`).toEqual([])
      })
    }
  }
})

test('a condition of one’s own is asked of one’s own rows only: neither an error nor a notice tells of others', async () => {
  const heard: string[] = []
  app.on('notice', (notice) => heard.push(notice.message ?? ''))
  await under(settingsOf(mine), async () => {
    await app.query(
      `create function pg_temp.tell(t text) returns boolean language plpgsql cost 0.0000001 as $$ begin raise notice '%', t; return true; end $$`,
    )
    for (const name of closed()) {
      const byError = await tried(`select from ${name} t where 1 / (case when t::text like any ($1) then 0 else 1 end) > 0`, [
        marks.map((mark) => `%${mark}%`),
      ])
      expect(byError.refused, name).toBeUndefined()
      await tried(`select from ${name} t where pg_temp.tell(t::text)`)
    }
  })
  expect(heard.length).toBeGreaterThan(10)
  expect(giveAway(heard)).toEqual([])
})

test('the planner’s statistics tell nothing', async () => {
  const seen = await runAs(db.superuserUrl, "select * from pg_stats where schemaname in ('hub', 'instance')")
  expect(giveAway(seen)).not.toEqual([])
  expect(await runAs(db.database.appUrl, "select * from pg_stats where schemaname in ('hub', 'instance')")).toEqual([])
})

test.each([
  'set role freehold_owner',
  'set session authorization freehold_owner',
  "set session_replication_role = 'replica'",
  'truncate hub.audit_event',
  'alter table hub.account disable row level security',
  'alter table hub.account no force row level security',
  'alter table hub.account disable trigger all',
  'drop policy in_scope on hub.account',
  'create policy mine on hub.account using (true)',
  'create table hub.mine (id int)',
  'create view instance.mine as select 1',
  'create function hub.mine() returns int language sql as $$ select 1 $$',
  'create or replace function hub.setting_uuid(name text) returns uuid language sql as $$ select null::uuid $$',
  'drop table hub.account',
  'select * from freehold.migration',
  'delete from hub.audit_event',
  "update hub.audit_event set action = 'x'",
  'alter role freehold_app superuser',
  'alter role freehold_app bypassrls',
  'select rolpassword from pg_authid',
  "copy hub.account to '/tmp/stolen'",
])('the application may not: %s', async (statement) => {
  await under(settingsOf(mine), async () => {
    expect((await tried(statement)).refused).toMatch(/^(?:42501|42P17)$/)
  })
})

test('switching row-level security off is an error, and shows nothing', async () => {
  await under(settingsOf(mine), async () => {
    await app.query('set local row_security = off')
    for (const table of tables()) expect((await tried(`select * from ${table}`)).refused, table).toBe('42501')
  })
})

test('after all of this the connection has no setting, sees no row, and nothing of the other tenant has changed', async () => {
  const settings = Object.keys(settingsOf(mine)).map((name) => `app.${name}`)
  const { rows } = await app.query('select name from unnest($1::text[]) as name where coalesce(current_setting(name, true), $2) <> $2', [
    settings,
    '',
  ])
  expect(rows).toEqual([])
  for (const name of closed()) expect((await app.query(`select * from ${name}`)).rows, name).toEqual([])
  for (const table of tables()) {
    const left = await runAs<Row>(db.superuserUrl, `select * from ${table}`)
    expect(left.filter((row) => giveAway(row).length > 0).length, table).toBe(tenantRows[table]!(theirs).length)
  }
})

async function primaryKeyOf(table: string): Promise<string[]> {
  const { rows } = await app.query<{ name: string }>(
    `select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey) where i.indrelid = $1::regclass and i.indisprimary`,
    [table],
  )
  return rows.map(({ name }) => name)
}
