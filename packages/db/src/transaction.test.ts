import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { newId } from '@freehold/kit'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { AppScopeError, DatabaseUnavailable, EpochMoved } from './database-errors.ts'
import { enterText, enterValues } from './scope.ts'
import { createNotes, dropDatabase, type Note, notes, runAs } from './test-fixtures/notes.ts'
import { openWritePool, type Tx, type WritePool } from './transaction.ts'

let db: TestDatabase
let writes: WritePool
beforeAll(async () => {
  db = await createTestDatabase()
  await createNotes(db.url)
  writes = openWritePool(db.database.appUrl, 4)
})
afterAll(async () => {
  await writes.close()
  await dropDatabase(db)
})

const write = (tx: Tx, workspaceId: string, text = 'x') => Promise.all([tx.sql(notes.record()), tx.sql(notes.insert(workspaceId, text))])
const notesOf = (workspaceId: string) => runAs<Note>(db.superuserUrl, 'select * from hub.note where workspace_id = $1', [workspaceId])
const openGate = (id: string) => runAs(db.superuserUrl, "insert into hub.gate (id, kind) values ($1, 'workspace')", [id])
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const settingOf = async (tx: Tx, name: string) =>
  (await tx.sql<{ value: string }>({ name: '', text: 'select current_setting($1, true) as value', values: [name] }))[0]?.value
const pidOf = async (tx: Tx) => (await tx.sql<{ pid: number }>({ name: '', text: 'select pg_backend_pid() as pid', values: [] }))[0]!.pid

async function whenWaiting(pid: number): Promise<void> {
  await vi.waitUntil(
    async () =>
      (await runAs(db.superuserUrl, "select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'", [pid])).length > 0,
    { timeout: 10_000, interval: 10 },
  )
}

test('a change is kept when the function returns, and gone when it throws', async () => {
  const workspaceId = newId()
  await writes.transaction({ workspaceId }, (tx) => write(tx, workspaceId))
  const failing = writes.transaction({ workspaceId }, async (tx) => {
    await write(tx, workspaceId)
    throw new Error('changed our mind')
  })
  await expect(failing).rejects.toThrow('changed our mind')
  expect(await notesOf(workspaceId)).toHaveLength(1)
})

test('a transaction sees and writes its own workspace and no other', async () => {
  const [mine, theirs] = [newId(), newId()]
  await writes.transaction({ workspaceId: theirs }, (tx) => write(tx, theirs))
  await writes
    .transaction({ workspaceId: mine }, async (tx) => {
      expect(await tx.sql(notes.list())).toEqual([])
      await tx.sql(notes.record())
      await expect(tx.sql(notes.insert(theirs, 'x'))).rejects.toThrow('row-level security')
    })
    .catch(() => undefined)
  expect(await notesOf(theirs)).toHaveLength(1)
})

test('a change without a record is refused at commit, and nothing of it is kept', async () => {
  const workspaceId = newId()
  const unrecorded = writes.transaction({ workspaceId }, (tx) => tx.sql(notes.insert(workspaceId, 'x')))
  await expect(unrecorded).rejects.toMatchObject({ code: 'FH002' })
  expect(await notesOf(workspaceId)).toEqual([])
})

test('the mark of one transaction does not count for the next on its connection', async () => {
  const one = openWritePool(db.database.appUrl, 1)
  const workspaceId = newId()
  await one.transaction({ workspaceId }, (tx) => write(tx, workspaceId))
  await expect(one.transaction({ workspaceId }, (tx) => tx.sql(notes.insert(workspaceId, 'y')))).rejects.toMatchObject({ code: 'FH002' })
  await one.close()
})

test('a transaction in which a statement failed cannot be committed, even where the failure was swallowed', async () => {
  const workspaceId = newId()
  const swallowed = writes.transaction({ workspaceId }, async (tx) => {
    await write(tx, workspaceId)
    await tx.sql({ name: '', text: 'select 1 / 0', values: [] }).catch(() => undefined)
  })
  await expect(swallowed).rejects.toThrow('already failed')
  expect(await notesOf(workspaceId)).toEqual([])
})

test('the connection of a failed transaction serves the next one, with nothing of it left', async () => {
  const one = openWritePool(db.database.appUrl, 1)
  const workspaceId = newId()
  for (const text of ['select 1 / 0', 'selec', "select 'x'::uuid"]) {
    await expect(one.transaction({ workspaceId, proof: { email: 'a' } }, (tx) => tx.sql({ name: '', text, values: [] }))).rejects.toThrow(
      pg.DatabaseError,
    )
  }
  const seen = await one.transaction({ principalId: newId() }, async (tx) => [
    await settingOf(tx, 'app.workspace_id'),
    await settingOf(tx, 'app.email'),
    await tx.sql(notes.list()),
  ])
  expect(seen).toEqual(['', '', []])
  await one.close()
})

test('after a commit and after a rollback the connection itself sees no setting and no row', async () => {
  const workspaceId = newId()
  await writes.transaction({ workspaceId }, (tx) => write(tx, workspaceId))
  const client = new pg.Client({ connectionString: db.database.appUrl })
  await client.connect()
  for (const end of ['commit', 'rollback']) {
    await client.query('begin')
    const scope = {
      workspaceId,
      accountId: workspaceId,
      principalId: workspaceId,
      raises: [workspaceId],
      proof: { email: 'a', object_ids: 'b' },
    }
    await client.query(enterText, enterValues(scope))
    expect((await client.query('select from hub.note')).rowCount).toBe(1)
    await client.query(end)
    const { rows } = await client.query(
      `select name, current_setting('app.' || name, true) as value
       from unnest(array['workspace_id', 'account_id', 'principal_id', 'gate_ids', 'email', 'object_ids']) as name`,
    )
    expect(rows.filter(({ value }) => value)).toEqual([])
    expect((await client.query('select from hub.note')).rowCount).toBe(0)
  }
  await client.end()
})

test('entering another scope leaves nothing of the one before, its narrow proofs included', async () => {
  const [mine, theirs] = [newId(), newId()]
  await writes.transaction(
    { workspaceId: mine, accountId: mine, principalId: mine, proof: { email: 'a', object_ids: mine } },
    async (tx) => {
      await tx.enter({ workspaceId: theirs, listedAccountIds: [theirs] })
      for (const name of ['account_id', 'principal_id', 'email', 'object_ids']) expect(await settingOf(tx, `app.${name}`)).toBe('')
      expect(tx.scope).toEqual({ workspaceId: theirs, listedAccountIds: [theirs] })
      await tx.enter({ workspaceId: mine })
      expect(await settingOf(tx, 'app.account_ids')).toBe('')
      await expect(tx.enter({})).rejects.toThrow(AppScopeError)
      expect(tx.scope).toEqual({ workspaceId: mine })
    },
  )
})

test('GF-10 a writer that waited for a freeze sees the gate that the freeze has moved, and writes nothing', async () => {
  const workspaceId = newId()
  await openGate(workspaceId)
  const freeze = await writes.begin({ workspaceId, raises: [workspaceId] }, { workspaceId, mode: 'exclusive' })
  const writer = writes.begin({ workspaceId, gates: [{ id: workspaceId, epoch: '1' }] }, { workspaceId, mode: 'shared' })
  const refusal = failureOf(writer)
  await vi.waitUntil(
    async () => (await runAs(db.superuserUrl, "select from pg_locks where locktype = 'advisory' and not granted")).length > 0,
    { timeout: 10_000, interval: 10 },
  )
  await freeze.tx.sql({ name: '', text: 'update hub.gate set epoch = epoch + 1 where id = $1', values: [workspaceId] })
  await freeze.commit()
  expect(await refusal).toBeInstanceOf(EpochMoved)
})

test('GF-10 a freeze waits for the writers in flight; writers do not wait for each other', async () => {
  const workspaceId = newId()
  const lock = { workspaceId, mode: 'shared' } as const
  const first = await writes.begin({ workspaceId }, lock)
  const second = await writes.begin({ workspaceId }, lock)
  let frozen = false
  const freeze = writes.begin({ workspaceId }, { workspaceId, mode: 'exclusive' }).then((transaction) => {
    frozen = true
    return transaction
  })
  await write(first.tx, workspaceId)
  await first.commit()
  expect(frozen).toBe(false)
  await write(second.tx, workspaceId)
  await second.commit()
  const { tx, commit } = await freeze
  expect(await tx.sql(notes.list())).toHaveLength(2)
  await commit()
})

test('a gate that has not moved lets the transaction in; one that is missing or older does not', async () => {
  const [workspaceId, missing] = [newId(), newId()]
  await openGate(workspaceId)
  const held = { id: workspaceId, epoch: '1' }
  expect(await writes.transaction({ workspaceId, gates: [held] }, async () => 'in')).toBe('in')
  for (const gates of [[{ id: workspaceId, epoch: '2' }], [held, { id: missing, epoch: '1' }]]) {
    await expect(writes.transaction({ workspaceId, gates }, async () => 'in')).rejects.toThrow(EpochMoved)
  }
})

test('a connection that breaks in a transaction fails it as an outage, and the pool goes on', async () => {
  const one = openWritePool(db.database.appUrl, 1)
  const workspaceId = newId()
  const broken = one.transaction({ workspaceId }, async (tx) => {
    await write(tx, workspaceId)
    await runAs(db.superuserUrl, `select pg_terminate_backend(${await pidOf(tx)})`)
    await tx.sql(notes.list())
  })
  await expect(broken).rejects.toThrow(DatabaseUnavailable)
  await one.transaction({ workspaceId }, (tx) => write(tx, workspaceId, 'after'))
  expect(await notesOf(workspaceId)).toMatchObject([{ text: 'after' }])
  await one.close()
})

test('a connection that breaks while nobody uses it is replaced', async () => {
  const one = openWritePool(db.database.appUrl, 1)
  const workspaceId = newId()
  const pid = await one.transaction({ workspaceId }, pidOf)
  await runAs(db.superuserUrl, `select pg_terminate_backend(${pid})`)
  await vi.waitUntil(async () => (await one.transaction({ workspaceId }, pidOf).catch(() => pid)) !== pid, {
    timeout: 10_000,
    interval: 10,
  })
  await one.close()
})

test('a statement that is cancelled fails its transaction as an outage', async () => {
  const workspaceId = newId()
  const { tx, rollback } = await writes.begin({ workspaceId })
  const pid = await pidOf(tx)
  const holder = await writes.begin({ workspaceId }, { workspaceId, mode: 'exclusive' })
  const lock = "select pg_advisory_xact_lock(hashtextextended('workspace:' || $1, 0))"
  const waiting = failureOf(tx.sql({ name: '', text: lock, values: [workspaceId] }))
  await whenWaiting(pid)
  await runAs(db.superuserUrl, `select pg_cancel_backend(${pid})`)
  expect(await waiting).toBeInstanceOf(DatabaseUnavailable)
  await rollback()
  await holder.rollback()
})

test('an ended transaction runs nothing more', async () => {
  const workspaceId = newId()
  const { tx, commit } = await writes.begin({ workspaceId })
  await commit()
  await expect(tx.sql(notes.list())).rejects.toThrow(AppScopeError)
  await expect(commit()).rejects.toThrow(AppScopeError)
})

test('a URL with options of its own, or a database with other defaults, changes neither isolation nor time limits', async () => {
  const url = new URL(db.database.appUrl)
  url.searchParams.set('options', '-c default_transaction_isolation=serializable -c statement_timeout=0 -c search_path=hub')
  const other = openWritePool(url.href, 1)
  const seen = await other.transaction({ workspaceId: newId() }, async (tx) => [
    await settingOf(tx, 'transaction_isolation'),
    await settingOf(tx, 'statement_timeout'),
    await settingOf(tx, 'search_path'),
  ])
  expect(seen).toEqual(['read committed', '10s', 'hub'])
  await other.close()
})

test('no scope, no transaction, and no connection kept for it', async () => {
  const one = openWritePool(db.database.appUrl, 1)
  await expect(one.transaction({}, async () => 'in')).rejects.toThrow(AppScopeError)
  await expect(one.begin({ raises: [newId()] })).rejects.toThrow(AppScopeError)
  expect(await one.transaction({ workspaceId: newId() }, async () => 'in')).toBe('in')
  await one.close()
})
