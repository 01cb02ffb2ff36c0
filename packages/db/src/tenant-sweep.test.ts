import { newId } from '@freehold/kit'
import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dropDatabase, runAs } from './test-fixtures/notes.ts'
import { insertRow, newTenant, type Row, tenantRows } from './test-fixtures/tenant-rows.ts'

// Two tenants of one workspace, and rows of the workspace that are no tenant's.
const world = newTenant()
const [mine, sibling] = [world.tenantId, newId()]

let db: TestDatabase
let app: pg.Client
/** Tables whose rows are tenants', each with the column that says whose. A table with a column `tenant_id` is one by itself. */
let tables: { name: string; column: string; isNullable: boolean; forced: boolean; conditions: string[] }[]

beforeAll(async () => {
  db = await createTestDatabase()
  tables = await runAs(
    db.url,
    `select c.oid::regclass::text as name, a.attname as column, not a.attnotnull as "isNullable", c.relrowsecurity and c.relforcerowsecurity as forced,
       array(select unnest(array_remove(array[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)], null))
             from pg_policy p where p.polrelid = c.oid) as conditions
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in ('hub', 'instance')
       and (a.attname = 'tenant_id' or (c.oid = 'instance.tenant'::regclass and a.attname = 'id')) order by 1`,
  )
  const superuser = new pg.Client({ connectionString: db.superuserUrl })
  await superuser.connect()
  await superuser.query("begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  for (const [table, rows] of Object.entries(tenantRows)) for (const row of rows(world)) await insertRow(superuser, table, row)
  for (const row of tenantRows['instance.tenant']!(world))
    await insertRow(superuser, 'instance.tenant', { ...row, id: sibling, key: 'sibling' })
  for (const { name, isNullable } of shared()) {
    for (const row of tenantRows[name]!(world)) {
      await insertRow(superuser, name, ofTenant(row, sibling))
      if (isNullable) await insertRow(superuser, name, ofTenant(row, null))
    }
  }
  await superuser.query('commit')
  await superuser.end()
  app = new pg.Client({ connectionString: db.database.appUrl })
  await app.connect()
})
afterAll(async () => {
  await app.end()
  await dropDatabase(db)
})

const shared = () => tables.filter(({ column }) => column === 'tenant_id')
const ofTenant = (row: Row, tenantId: string | null): Row => ({ ...row, id: newId(), tenant_id: tenantId })

/** Runs as the application in the workspace, as one tenant or as nobody's, in a transaction that is rolled back. */
async function within<R>(tenantId: string, attack: () => Promise<R>): Promise<R> {
  await app.query('begin')
  try {
    await app.query("select set_config('app.workspace_id', $1, true), set_config('app.tenant_id', $2, true)", [world.workspaceId, tenantId])
    return await attack()
  } finally {
    await app.query('rollback')
  }
}

async function tried(text: string, values: unknown[] = []): Promise<{ rows: Row[]; refused?: string }> {
  await app.query('savepoint attack')
  try {
    return { rows: (await app.query<Row>(text, values)).rows }
  } catch (error) {
    await app.query('rollback to attack')
    return { rows: [], refused: (error as pg.DatabaseError).code ?? String(error) }
  }
}

const owners = (rows: Row[], column: string) => new Set(rows.map((row) => row[column] as string | null))

test('MB-11 every table with a tenant_id is under forced policies, each of which asks for the tenant', () => {
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['instance.session', 'instance.tenant']))
  for (const { name, forced, conditions } of tables) {
    expect(forced, name).toBe(true)
    expect(conditions.length, name).toBeGreaterThan(0)
    for (const condition of conditions) expect(condition, name).toContain("current_setting('app.tenant_id'")
  }
})

test("MB-11 under a tenant's scope a statement without any condition sees that tenant's rows alone", async () => {
  await within(mine, async () => {
    for (const { name, column } of tables)
      expect(owners((await tried(`select * from ${name}`)).rows, column), name).toEqual(new Set([mine]))
  })
})

test("the workspace's own scope sees every tenant's rows and those that are nobody's", async () => {
  await within('', async () => {
    for (const { name, column, isNullable } of tables) {
      const expected = new Set([mine, sibling, ...(isNullable ? [null] : [])])
      expect(owners((await tried(`select * from ${name}`)).rows, column), name).toEqual(expected)
    }
  })
})

test("MB-11 under a tenant's scope no row of a sibling, and none that is nobody's, can be changed or removed", async () => {
  await within(mine, async () => {
    for (const { name, column } of tables) {
      const changed = await tried(`update ${name} set ${column} = ${column} returning *`)
      if (changed.refused) expect(changed.refused, name).toBe('42501')
      for (const owner of owners(changed.rows, column)) expect(owner, name).toBe(mine)
    }
    for (const { name, column } of tables.toReversed()) {
      const removed = await tried(`delete from ${name} where ${column} is distinct from $1 returning *`, [mine])
      expect(removed.rows, name).toEqual([])
    }
  })
})

test("MB-11 under a tenant's scope no row can be made for a sibling or for nobody, nor given away", async () => {
  await within(mine, async () => {
    for (const { name } of shared()) {
      const row = tenantRows[name]!(world)[0]!
      for (const owner of [sibling, null]) {
        const made = ofTenant(row, owner)
        const columns = Object.keys(made)
        const text = `insert into ${name} (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`
        expect((await tried(text, Object.values(made))).refused, name).toBe('42501')
        expect((await tried(`update ${name} set tenant_id = $1`, [owner])).refused, name).toBe('42501')
      }
    }
  })
})
