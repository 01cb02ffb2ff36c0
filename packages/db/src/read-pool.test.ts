import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { AppScopeError, DatabaseUnavailable, EpochMoved } from './database-errors.ts'
import { openReadPool, type ReadPool } from './read-pool.ts'
import { createNotes, dropDatabase, type Note, notes, runAs } from './test-fixtures/notes.ts'

let db: TestDatabase
let reads: ReadPool
const [mine, theirs] = [newId(), newId()]
beforeAll(async () => {
  db = await createTestDatabase()
  await createNotes(db.url)
  await runAs(
    db.superuserUrl,
    `begin;
     select set_config('app.recorded_by', pg_current_xact_id()::text, true);
     insert into hub.note select id, gen_random_uuid(), 'note ' || n from unnest(array['${mine}', '${theirs}']::uuid[]) as id, generate_series(1, 20) n;
     insert into hub.gate (id, kind) values ('${mine}', 'workspace');
     commit`,
  )
  reads = openReadPool(db.database.appUrl, 2)
})
afterAll(async () => {
  await reads.close()
  await dropDatabase(db)
})

const plain = (text: string, values: unknown[] = []) => ({ name: '', text, values })
const under = (workspaceId: string) => reads.under({ workspaceId })
const connections = () =>
  runAs<{ pid: number }>(
    db.superuserUrl,
    "select pid from pg_stat_activity where application_name = 'freehold-read' and datname = current_database()",
  )
const kill = async () => {
  for (const { pid } of await connections()) await runAs(db.superuserUrl, `select pg_terminate_backend(${pid})`)
}

test('a read sees its own workspace and no other, by whatever kind of statement', async () => {
  const kinds = [
    notes.list(),
    plain('select * from hub.note'),
    plain('select * from hub.note where workspace_id = any ($1)', [[mine, theirs]]),
    { ...plain('select * from hub.note where length(text) > $1', [0]), name: 'by_length' },
  ]
  for (const statement of [...kinds, ...kinds]) {
    const rows = await under(mine).sql<Note>(statement)
    expect(new Set(rows.map((row) => row.workspace_id))).toEqual(new Set([mine]))
    expect(rows).toHaveLength(20)
  }
})

test('many reads of two workspaces, sent at once over two connections, are each answered with their own', async () => {
  const answers = await Promise.all(
    Array.from({ length: 400 }, async (_, index) => {
      const workspaceId = index % 2 ? mine : theirs
      const rows = await under(workspaceId).sql<Note>(notes.list())
      return rows.length === 20 && rows.every((row) => row.workspace_id === workspaceId)
    }),
  )
  expect(answers.filter((right) => !right)).toEqual([])
  expect(await connections()).toHaveLength(2)
})

test('a read can change nothing', async () => {
  await expect(under(mine).sql(plain('delete from hub.note'))).rejects.toThrow('read-only transaction')
})

test('enter and the statement behind it read one snapshot: connections for reads default to repeatable read', async () => {
  const rows = await under(mine).sql<{ isolation: string }>(plain("select current_setting('transaction_isolation') as isolation"))
  expect(rows).toEqual([{ isolation: 'repeatable read' }])
})

test('a URL with options of its own changes neither the snapshot nor the time limit', async () => {
  const url = new URL(db.database.appUrl)
  url.searchParams.set('options', '-c default_transaction_isolation=read\\ committed -c statement_timeout=0 -c search_path=hub')
  const other = openReadPool(url.href, 1)
  const text = `select current_setting('transaction_isolation') || ' ' || current_setting('transaction_read_only') || ' '
    || current_setting('statement_timeout') || ' ' || current_setting('search_path') as seen`
  expect(await other.under({ workspaceId: mine }).sql(plain(text))).toEqual([{ seen: 'repeatable read on 10s hub' }])
  await other.close()
})

test('a gate that has moved stops the read; one that has not lets it through', async () => {
  const held = (epoch: string) => reads.under({ workspaceId: mine, gates: [{ id: mine, epoch }] }).sql(notes.list())
  expect(await held('1')).toHaveLength(20)
  await runAs(db.superuserUrl, `update hub.gate set epoch = 2 where id = '${mine}'`)
  await expect(held('1')).rejects.toThrow(EpochMoved)
  expect(await held('2')).toHaveLength(20)
})

test('a read that fails takes none of those sent beside it down', async () => {
  const bad = [plain('select 1 / $1::int', [0]), plain('selec'), plain('select $1::uuid', ['x']), { ...plain('selec'), name: 'bad' }]
  const outcomes = await Promise.allSettled(
    Array.from({ length: 200 }, (_, index) => under(mine).sql(index % 5 ? notes.list() : bad[(index / 5) % 4]!)),
  )
  for (const [index, outcome] of outcomes.entries()) {
    if (index % 5) expect(outcome).toMatchObject({ status: 'fulfilled', value: { length: 20 } })
    else expect(outcome).toMatchObject({ status: 'rejected', reason: { code: ['22012', '42601', '22P02', '42601'][(index / 5) % 4] } })
  }
})

test('a value that cannot be sent fails its own read alone', async () => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  const one = openReadPool(db.database.appUrl, 1)
  const scoped = one.under({ workspaceId: mine })
  for (const name of ['', 'json_value', 'json_value', '']) {
    const statement = (value: unknown) => ({ name, text: 'select $1::jsonb as value', values: [value] })
    const [bad, good, list] = await Promise.allSettled([
      scoped.sql(statement(cyclic)),
      scoped.sql(statement({ a: 1 })),
      scoped.sql(notes.list()),
    ])
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('circular') } })
    expect(good).toEqual({ status: 'fulfilled', value: [{ value: { a: 1 } }] })
    expect(list).toMatchObject({ status: 'fulfilled', value: { length: 20 } })
  }
  await one.close()
})

test('a prepared statement that the server has lost is prepared again, unseen by the reader', async () => {
  const one = openReadPool(db.database.appUrl, 1)
  const scoped = one.under({ workspaceId: mine })
  const list = () => Promise.all(Array.from({ length: 8 }, () => scoped.sql(notes.list())))
  await list()
  await scoped.sql(plain('deallocate notes'))
  expect((await list()).map((rows) => rows.length)).toEqual(Array.from({ length: 8 }, () => 20))
  await one.close()
})

test('reads whose connection is cut are answered over a new one', async () => {
  const slow = Array.from({ length: 6 }, () => under(mine).sql(plain('select count(*)::int as n from hub.note, pg_sleep(0.2)')))
  await vi.waitUntil(
    async () =>
      (await runAs(db.superuserUrl, "select from pg_stat_activity where query like '%pg_sleep(0.2)%' and state = 'active'")).length > 1,
    { timeout: 10_000, interval: 5 },
  )
  await kill()
  expect(await Promise.all(slow)).toEqual(Array.from({ length: 6 }, () => [{ n: 20 }]))
})

test('connections that break while nobody reads are replaced', async () => {
  await under(mine).sql(notes.list())
  await kill()
  const answers = await Promise.all(Array.from({ length: 20 }, () => under(mine).sql(notes.list())))
  expect(answers.every((rows) => rows.length === 20)).toBe(true)
})

test('a database that cannot be reached is an outage, not a fault', async () => {
  const away = openReadPool('postgres://nobody@127.0.0.1:1/nothing', 2)
  await expect(away.under({ workspaceId: mine }).sql(notes.list())).rejects.toThrow(DatabaseUnavailable)
  await away.close()
})

test('no scope, no read', () => {
  expect(() => reads.under({})).toThrow(AppScopeError)
})

test('closing lets the reads in flight finish, refuses later ones, and leaves no connection open', async () => {
  const closing = openReadPool(`${db.database.appUrl}&application_name=closing`, 2)
  const scoped = closing.under({ workspaceId: mine })
  await scoped.sql(notes.list())
  const inFlight = [scoped.sql(plain('select count(*)::int as n from hub.note, pg_sleep(0.1)')), scoped.sql(notes.list())]
  const closed = closing.close()
  expect((await Promise.allSettled(inFlight)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  await closed
  await expect(scoped.sql(notes.list())).rejects.toThrow(DatabaseUnavailable)
  const left = () => runAs(db.superuserUrl, "select from pg_stat_activity where application_name = 'closing'")
  await vi.waitUntil(async () => (await left()).length === 0, { timeout: 10_000, interval: 10 })
})
