import { randomBytes } from 'node:crypto'
import { build, openOwnerReads, type OwnerReads, type Resealer, type Tx } from '@freehold/db'
import { newId, seal, systemClock as clock, unseal } from '@freehold/kit'
import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertAuditEvent } from '../audit/index.ts'
import { createWorkspaceKeys, rotateWorkspaceKey } from '../workspace-keys/index.ts'
import type { OpenedRootKeys } from '../root-keys/index.ts'
import { givenSources, openTestRootKeys } from '../test-fixtures/index.ts'
import { workspaceSecretResealer } from '../workspace-tokens/index.ts'
import { rotateRootKey, type RotatingSources } from './index.ts'

let db: TestDatabase
let owner: OwnerReads
let superuser: pg.Client
const opened: OpenedRootKeys[] = []
beforeEach(async () => {
  db = await createTestDatabase()
  owner = await openOwnerReads(db.url)
  superuser = new pg.Client({ connectionString: db.superuserUrl })
  await superuser.connect()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((roots) => roots.stop()))
  await owner.close()
  await superuser.end()
  await db.drop()
})

const quiet = { batch: 2, onProgress: () => undefined }

function rotating(sources: ReturnType<typeof givenSources>): RotatingSources {
  return {
    ...sources,
    given: () => sources.keys,
    async make() {
      sources.keys.unshift(randomBytes(32))
      return { key: sources.keys[0]!, kms: null, wrapped: null }
    },
    keep: (isLive) => void (sources.keys = sources.keys.filter(isLive)),
  }
}

async function openRoots(sources: ReturnType<typeof givenSources>): Promise<OpenedRootKeys> {
  const roots = await openTestRootKeys(db.database, sources)
  opened.push(roots)
  return roots
}

/** A workspace with its gate, as far as keys need one. */
async function newWorkspace(): Promise<string> {
  const id = newId()
  await superuser.query("set session_replication_role = 'replica'")
  await superuser.query("insert into hub.gate (id, kind) values ($1, 'workspace')", [id])
  await superuser.query(
    `insert into hub.workspace (id, account_id, name, slug, status, region, tenancy_model, created_at, updated_at)
     values ($1, $1, 'w', $2, 'active', 'local', 'shared', now(), now())`,
    [id, id],
  )
  await superuser.query("set session_replication_role = 'origin'")
  return id
}

async function changing<R>(workspaceId: string, fn: (tx: Tx) => Promise<R>): Promise<R> {
  return db.database.writes.transaction({ workspaceId }, async (tx) => {
    const result = await fn(tx)
    const resource = { kind: 'thing', id: workspaceId, label: 'thing' }
    const actor = { kind: 'system', id: 'test', label: 'Test' }
    const event = { id: newId(), chain: { kind: 'workspace' as const, id: workspaceId }, at: clock.now(), requestId: null, ip: null }
    await insertAuditEvent(tx, { ...event, actor, action: 'workspace.update', resource })
    return result
  })
}

type Keys = ReturnType<typeof createWorkspaceKeys>
const placeOf = (workspaceId: string, id: string, version: number) => [workspaceId, id, String(version)]

async function write(keys: Keys, workspaceId: string, value: string): Promise<string> {
  const id = newId()
  await changing(workspaceId, async (tx) => {
    const { version, key } = await keys.newest(tx, workspaceId, clock.now())
    const sealed = seal(key, value, placeOf(workspaceId, id, version))
    await tx.run(
      build
        .insertInto('hub.workspace_secret')
        .values({ workspace_id: workspaceId, id, sealed, key_version: version, created_at: clock.now() }),
    )
  })
  return id
}

/** As a request does it: under the gates, and anew where one has moved. */
async function read(keys: Keys, workspaceId: string, id: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const [gate] = await db.database.reads
      .under({ workspaceId })
      .rows(build.selectFrom('hub.gate').select(['id', 'epoch']).where('id', '=', workspaceId))
    const reading = db.database.reads.under({ workspaceId, gates: [gate!] })
    try {
      const row = await reading.first(build.selectFrom('hub.workspace_secret').select(['sealed', 'key_version']).where('id', '=', id))
      const { key } = await keys.at(reading, workspaceId, row!.key_version)
      return unseal(key, row!.sealed, placeOf(workspaceId, id, row!.key_version)).toString()
    } catch (error) {
      if (attempt === 8 || (error as Error).name !== 'EpochMoved') throw error
    }
  }
}

const deps = (roots: OpenedRootKeys, keys: Keys, resealers: Resealer[] = [workspaceSecretResealer]) => ({
  ...db.database,
  roots,
  keys,
  resealers,
  clock,
})

test('GF-18 reads and writes race rotations of the data key and of the root key on another process, and none fails', async () => {
  const sources = givenSources(randomBytes(32))
  const [here, there] = [await openRoots(sources), await openRoots(sources)]
  const [keys, others] = [createWorkspaceKeys(here), createWorkspaceKeys(there)]
  const workspaceId = await newWorkspace()
  const written: string[] = []
  let rotating_ = true
  const writer = (async () => {
    for (let n = 0; rotating_ || n < 50; n++) {
      const id = await write(others, workspaceId, `value ${n}`)
      written.push(id)
      expect(await read(others, workspaceId, id)).toBe(`value ${n}`)
      const earlier = n >> 1
      expect(await read(others, workspaceId, written[earlier]!)).toBe(`value ${earlier}`)
      // New workspaces make their first keys while the root key is being replaced.
      if (n % 5 === 0) await write(others, await newWorkspace(), 'first')
    }
  })()
  for (let round = 1; round <= 4; round++) {
    while (written.length < round * 5) await read(keys, workspaceId, written.at(-1) ?? (await write(keys, workspaceId, 'x')))
    await rotateWorkspaceKey(deps(here, keys), workspaceId, quiet)
    await rotateRootKey({ ...db.database, owner, roots: here, sources: rotating(sources), clock }, quiet)
    await owner.sql({ name: '', text: 'select pg_advisory_unlock_all()', values: [] })
  }
  rotating_ = false
  await writer
  for (const [n, id] of written.entries()) expect(await read(keys, workspaceId, id)).toBe(`value ${n}`)
  const { rows } = await superuser.query<{ roots: number[]; versions: number[] }>(
    `select array(select version from hub.root_key) as roots, array(select version from hub.workspace_key where workspace_id = $1) as versions`,
    [workspaceId],
  )
  expect(rows).toEqual([{ roots: [5], versions: [5] }])
  expect(sources.keys).toHaveLength(1)
})

test('GF-18 a rotation that ended half-way goes on, drops no key that something still needs, and leaves an event of each step', async () => {
  const roots = await openRoots(givenSources(randomBytes(32)))
  const keys = createWorkspaceKeys(roots)
  const workspaceId = await newWorkspace()
  const ids = await Promise.all(Array.from({ length: 7 }, (_, n) => write(keys, workspaceId, `value ${n}`)))
  let batches = 0
  const failing: Resealer = {
    table: 'hub.workspace_secret',
    async reseal(tx, batch) {
      if (++batches === 3) throw new Error('the power failed')
      return workspaceSecretResealer.reseal(tx, batch)
    },
  }
  await expect(rotateWorkspaceKey(deps(roots, keys, [failing]), workspaceId, quiet)).rejects.toThrow('power')
  for (const [n, id] of ids.entries()) expect(await read(keys, workspaceId, id)).toBe(`value ${n}`)
  expect(await rotateWorkspaceKey(deps(roots, keys), workspaceId, quiet)).toBe(2)
  for (const [n, id] of ids.entries()) expect(await read(createWorkspaceKeys(roots), workspaceId, id)).toBe(`value ${n}`)
  const { rows } = await superuser.query<{ action: string; count: number }>(
    "select action, count(*)::int from hub.audit_event where chain_id = $1 and action like 'workspace_key.%' group by 1 order by 1",
    [workspaceId],
  )
  expect(rows).toEqual([
    { action: 'workspace_key.reseal', count: 4 },
    { action: 'workspace_key.retire', count: 1 },
    { action: 'workspace_key.rotate', count: 1 },
  ])
})

test('GF-18 after its retirement the old root key opens nothing, and a process that is given it alone is sealed', async () => {
  const sources = givenSources(randomBytes(32))
  const old = sources.keys[0]!
  const roots = await openRoots(sources)
  const workspaceId = await newWorkspace()
  const id = await write(createWorkspaceKeys(roots), workspaceId, 'value')
  const lasting = roots.lasting('workspace tokens')
  await rotateRootKey({ ...db.database, owner, roots, sources: rotating(sources), clock }, quiet)

  const late = await openRoots(givenSources(old))
  expect(late.status()).toMatchObject({ sealed: true, why: expect.stringContaining('Bring the right one') as string })
  await expect(read(createWorkspaceKeys(late), workspaceId, id)).rejects.toMatchObject({ code: 'sealed' })
  await expect(write(createWorkspaceKeys(late), await newWorkspace(), 'x')).rejects.toMatchObject({ code: 'sealed' })
  expect(() => late.lasting('workspace tokens')).toThrow('no root key')

  const next = await openRoots(sources)
  expect(await read(createWorkspaceKeys(next), workspaceId, id)).toBe('value')
  expect(next.lasting('workspace tokens')).toEqual(lasting)
})

test('GF-18 a deleted data key is not remembered on any process; one that was made and rolled back is not either', async () => {
  const roots = await openRoots(givenSources(randomBytes(32)))
  const [keys, others] = [createWorkspaceKeys(roots), createWorkspaceKeys(roots)]
  const workspaceId = await newWorkspace()
  const gates = async () =>
    db.database.reads.under({ workspaceId }).rows(build.selectFrom('hub.gate').select(['id', 'epoch']).where('id', '=', workspaceId))
  const before = await gates()
  const undone = db.database.writes.transaction({ workspaceId, gates: before }, async (tx) => {
    await keys.newest(tx, workspaceId, clock.now())
    await keys.at(tx, workspaceId, 1)
    throw new Error('after all not')
  })
  await expect(undone).rejects.toThrow('after all not')
  const id = await write(others, workspaceId, 'value')
  expect(await Promise.all([read(keys, workspaceId, id), read(others, workspaceId, id)])).toEqual(['value', 'value'])

  const scoped = db.database.reads.under({ workspaceId, gates: before })
  // From memory: a connection that is no more would be noticed.
  const untouched = { ...scoped, sql: () => Promise.reject(new Error('asked again')) } as typeof scoped
  expect((await keys.at(untouched, workspaceId, 1)).version).toBe(1)

  await superuser.query("begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  await superuser.query('delete from hub.workspace_secret where workspace_id = $1', [workspaceId])
  await superuser.query('delete from hub.workspace_key where workspace_id = $1', [workspaceId])
  await superuser.query('commit')
  for (const each of [keys, others]) {
    await expect(each.at(db.database.reads.under({ workspaceId, gates: await gates() }), workspaceId, 1)).rejects.toThrow('has no key')
  }
})

test('a wrong root key makes nothing, and the right one unseals without a start', async () => {
  const right = randomBytes(32)
  await openRoots(givenSources(right))
  const sources = givenSources(randomBytes(32))
  const roots = await openRoots(sources)
  const workspaceId = await newWorkspace()
  await expect(write(createWorkspaceKeys(roots), workspaceId, 'x')).rejects.toMatchObject({ code: 'sealed' })
  expect((await superuser.query('select from hub.workspace_key')).rowCount).toBe(0)
  sources.keys = [right]
  while (roots.status().sealed) await roots.reload()
  await write(createWorkspaceKeys(roots), workspaceId, 'x')
})
