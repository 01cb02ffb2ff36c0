import { cloneTemplate, testCluster } from '@freehold/testing'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAs } from './test-fixtures/notes.ts'

type Column = { table: string; name: string; type: string; nullable: boolean; optional: boolean; words: string }

// What each type of the database is in TypeScript.
const typeOf: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  'text[]': 'string[]',
  boolean: 'boolean',
  smallint: 'number',
  integer: 'number',
  bigint: 'BigInt64',
  bytea: 'Buffer',
  jsonb: 'Json',
  'timestamp with time zone': 'Time',
  'timestamp(3) with time zone': 'Time',
}

let name: string
let inDatabase: Column[]
beforeAll(async () => {
  const clone = await cloneTemplate()
  name = clone.name
  inDatabase = await runAs<Column>(
    clone.url,
    `select c.oid::regclass::text as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
            a.atthasdef as optional, coalesce((
              select string_agg(quoted[1], ' ') from pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([a-z_]+)''::text', 'g') as quoted
              where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] and pg_get_constraintdef(k.oid) like '%ANY%'), '') as words
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace::regnamespace::text in ('hub', 'instance') and c.relkind in ('r', 'p') order by 1, a.attnum`,
  )
})
afterAll(() => runAs(testCluster().superuserUrl, `drop database ${name} with (force)`))

/** The columns as tables.ts writes them. It is read as text: types are gone when it runs. */
function readTables(): Column[] {
  const source = readFileSync(new URL('tables.ts', import.meta.url), 'utf8').split('export type Tables = ')[1]!
  return Array.from(source.matchAll(/'([a-z]+\.[a-z_]+)': \{([^}]*)\}/g), ([, table, body]) =>
    body!
      .split(/[;\n]/)
      .filter((entry) => entry.trim() !== '')
      .map((entry) => readColumn(table!, entry.trim())),
  ).flat()
}

function readColumn(table: string, entry: string): Column {
  const [, name, written] = /^(\w+): (.+)$/.exec(entry)!
  const [, wrapper, inner] = /^(?:(Optional|WithDefault)<)?(.+?)>?$/.exec(written!)!
  const words = Array.from(inner!.matchAll(/'([a-z_]+)'/g), ([, word]) => word!)
  const type = words.length > 0 ? 'string' : inner!.replace(/^Json<.*/, 'Json')
  return { table, name: name!, type, nullable: wrapper === 'Optional', optional: wrapper === 'WithDefault', words: words.join(' ') }
}

test('tables.ts has every table and column of the migrations and no other, each nullable, defaulted and typed as there', () => {
  const written = readTables().map(({ table, name, type, nullable, optional }) => ({ table, name, type, nullable, optional }))
  const found = inDatabase.map(({ table, name, type, nullable, optional }) => ({
    table,
    name,
    type: typeOf[type] ?? type,
    nullable,
    optional,
  }))
  expect(byName(written)).toEqual(byName(found))
})

test('where the database takes only certain words, tables.ts lists the same', () => {
  const written = new Map(readTables().map(({ table, name, words }) => [`${table}.${name}`, words]))
  const closed = inDatabase.filter(({ words, table, name }) => words !== '' && written.get(`${table}.${name}`) !== '')
  expect(closed.length).toBeGreaterThan(7)
  for (const { table, name, words } of closed)
    expect(`${table}.${name}: ${written.get(`${table}.${name}`)}`).toBe(`${table}.${name}: ${words}`)
})

function byName(columns: Omit<Column, 'words'>[]): Omit<Column, 'words'>[] {
  return columns.toSorted((a, b) => `${a.table}.${a.name}`.localeCompare(`${b.table}.${b.name}`))
}
