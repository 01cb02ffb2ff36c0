import { createSpiceDb, type SpiceDb } from '@freehold/authz/spicedb'
import { type SpiceDbServer, startSpiceDb } from '@freehold/authz/spicedb/testing'
import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAuthzSync } from '../src/sync-relationships.ts'
import type { Actor, TestWorkspace } from './support/actors.ts'
import { startReader } from './support/race.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

let permissions: SpiceDbServer
let spicedb: SpiceDb
let server: TestServer
let beside: TestServer
let workspace: TestWorkspace

beforeAll(async () => {
  permissions = await startSpiceDb()
  spicedb = createSpiceDb(permissions)
  server = await startTestServer({ spicedb: permissions })
  beside = await startTestServer({ spicedb: permissions }, server)
  workspace = await server.workspace()
  await server.setLimits(workspace)
})
afterAll(async () => {
  permissions.thaw()
  await beside.close()
  await server.close()
  spicedb.close()
  await permissions.kill()
})

const path = () => `/v1/workspaces/${workspace.id}`
const read = (actor: Actor, on = server): Promise<Answer> => on.as(actor)('GET', path())
const grant = (subject: Actor, role = 'view'): Promise<Answer> =>
  server.as(workspace.owner)('POST', `${path()}/grants`, { subject_type: 'user', subject: subject.id, role })
const revoke = (granted: Answer): Promise<Answer> => server.as(workspace.owner)('DELETE', `${path()}/grants/${String(granted.json['id'])}`)
const pending = async (): Promise<number> => {
  const { rows } = await server.superuser.query<{ count: number }>('select count(*)::int as count from hub.relationship_outbox')
  return rows[0]!.count
}
const delivered = () => waitFor(pending, (count) => count === 0)
const tupleOf = (actor: Actor, relation = 'view') => ({
  resource: { type: 'workspace', id: workspace.id },
  relation,
  subject: { type: 'user', id: actor.id },
  expiresAt: null,
})
const sync = (...args: string[]) => syncOf(server, permissions, ...args)

async function syncOf(
  { config }: TestServer,
  { endpoint, token }: SpiceDbServer,
  ...args: string[]
): Promise<{ code: number; said: string }> {
  const said: string[] = []
  const env = { DATABASE_URL: config.databaseUrl!, FREEHOLD_SPICEDB: endpoint, FREEHOLD_SPICEDB_TOKEN: token }
  const code = await runAuthzSync(args, env, (line) => said.push(line))
  return { code, said: said.join('\n') }
}

test('AM-03 a grant is in SpiceDB when it is acknowledged, and lets in on every server', async () => {
  const person = await server.user()
  expectStatus(await read(person), 404)
  expectStatus(await grant(person), 201)
  expect(await pending()).toBe(0)
  expect(await spicedb.find(tupleOf(person))).toEqual(tupleOf(person))
  expectStatus(await read(person), 200)
  expectStatus(await read(person, beside), 200)
  expectStatus(await server.as(person)('PATCH', path(), { name: 'Mine now' }), 403)
  const list = await beside.as(person)('GET', '/v1/workspaces')
  expect(list.list.map(({ id }) => id)).toEqual([workspace.id])
})

test('AM-03 a revocation that was acknowledged lets in nowhere, in any read that begins after it', async () => {
  for (let round = 0; round < 3; round++) {
    const person = await server.user()
    const granted = await grant(person)
    const readers = [server, beside].map(({ url }) => startReader(url + path(), person.token, { connections: 2 }))
    for (const reader of readers) {
      await waitFor(
        async () => reader.reads,
        (reads) => reads > 20,
      )
    }
    expectStatus(await revoke(granted), 204)
    for (const reader of readers) reader.revoked()
    for (const reader of readers) {
      await waitFor(
        async () => reader.after,
        (after) => after > 8,
      )
      await reader.stop()
      expect(reader.stale).toBe(0)
    }
    expect(await spicedb.find(tupleOf(person))).toBeNull()
    expect((await beside.as(person)('GET', '/v1/workspaces')).list).toEqual([])
  }
})

test('AM-03 a role reaches through nested groups, and taking any link away ends it', async () => {
  const [outer, inner, person] = [newId(), newId(), await server.user()]
  for (const id of [outer, inner]) await server.superuser.query("insert into hub.gate (id, kind) values ($1, 'group')", [id])
  const links: [string, string, string][] = [
    [`workspace:${workspace.id}`, 'edit', `group:${outer}#member`],
    [`group:${outer}`, 'member', `group:${inner}#member`],
    [`group:${inner}`, 'member', `user:${person.id}`],
  ]
  for (const link of links) await server.relate(...link)
  for (const on of [server, beside]) expectStatus(await read(person, on), 200)
  for (const link of links) {
    await server.unrelate(...link)
    for (const on of [server, beside]) expectStatus(await read(person, on), 404)
    await server.relate(...link)
    for (const on of [server, beside]) expectStatus(await read(person, on), 200)
  }
})

test('AM-03 what was taken away is refused from the commit on, while SpiceDB answers and does not know of it yet', async () => {
  const person = await server.member(workspace.id, 'view')
  for (const on of [server, beside]) expectStatus(await read(person, on), 200)
  const delivery = "hashtextextended('freehold:relationship-delivery', 0)"
  await server.superuser.query(`select pg_advisory_lock(${delivery})`)
  try {
    await server.unrelate(`workspace:${workspace.id}`, 'view', `user:${person.id}`)
    for (const answer of await Promise.all([read(person), read(person, beside)])) expectStatus(answer, 503)
    expect(await spicedb.find(tupleOf(person))).not.toBeNull()
    // It is about this person and this workspace only.
    expectStatus(await server.as(await server.user())('GET', '/v1/workspaces'), 200)
  } finally {
    await server.superuser.query(`select pg_advisory_unlock(${delivery})`)
  }
  await delivered()
  for (const on of [server, beside]) expectStatus(await read(person, on), 404)
})

test('a role that was lent is over when its time has come, also where the decision is remembered', async () => {
  const person = await server.user()
  const end = new Date(Date.now() + 1500)
  await server.relate(`workspace:${workspace.id}`, 'view', `user:${person.id}`, end)
  expectStatus(await read(person), 200)
  const refused = await waitFor(
    () => read(person),
    ({ status }) => status !== 200,
  )
  expectStatus(refused, 404)
  expect(Date.now()).toBeGreaterThanOrEqual(end.getTime())
})

test('AM-04 an API key acts by its role, and a revoked one not at all', async () => {
  const key = await server.apiKey(workspace, 'view')
  expectStatus(await read(key), 200)
  expect((await server.as(key)('GET', '/v1/workspaces')).list.map(({ id }) => id)).toEqual([workspace.id])
  expectStatus(await server.as(key)('GET', `/v1/accounts/${workspace.accountId}`), 404)
  expectStatus(await beside.as(key)('PATCH', path(), { name: 'By key' }), 403)
  expectStatus(await server.as(workspace.owner)('DELETE', `${path()}/api-keys/${key.id}`), 204)
  for (const on of [server, beside]) expectStatus(await read(key, on), 401)
})

test('while SpiceDB does not answer nothing new is allowed and nothing is lost; it recovers unattended', async () => {
  const [kept, gone, stranger] = [await server.user(), await server.user(), await server.user()]
  const granted = await grant(kept)
  await grant(gone)
  const key = await server.apiKey(workspace, 'view')
  for (const actor of [gone, workspace.owner]) expectStatus(await read(actor), 200)
  permissions.freeze()
  try {
    // What has been decided still stands, as its gates prove.
    expectStatus(await read(workspace.owner), 200)
    for (const answer of await Promise.all([read(stranger), read(stranger, beside)])) expectStatus(answer, 503)

    // A change that was decided on before is stored, and says so; one that must be decided on now has not happened.
    const stored = await server.as(workspace.owner)('DELETE', `${path()}/api-keys/${key.id}`)
    expectStatus(stored, 503)
    expect(stored.json).toMatchObject({ code: 'unavailable', stored: true })
    for (const on of [server, beside]) expectStatus(await read(key, on), 401)
    const refused = await revoke(granted)
    expectStatus(refused, 503)
    expect(refused.json).not.toHaveProperty('stored')
    expect(await pending()).toBe(1)

    // Taken away, and so refused at once, although SpiceDB would still say yes.
    await server.unrelate(`workspace:${workspace.id}`, 'view', `user:${gone.id}`)
    for (const answer of await Promise.all([read(gone), read(gone, beside)])) expectStatus(answer, 503)
    expect(await pending()).toBe(2)
    const ready = await server.call('GET', '/readyz')
    expectStatus(ready, 503)
    expect(ready.json).toMatchObject({ dependencies: { database: 'ok', permissions: 'down' } })
  } finally {
    permissions.thaw()
  }
  await delivered()
  for (const on of [server, beside]) {
    const answer = await waitFor(
      () => read(gone, on),
      ({ status }) => status !== 503,
    )
    expectStatus(answer, 404)
    expectStatus(await read(kept, on), 200)
    expectStatus(await read(stranger, on), 404)
  }
  expect((await server.call('GET', '/readyz')).json).toMatchObject({ dependencies: { permissions: 'ok' } })
})

test('a SpiceDB that has lost its data allows nothing until it has been given all of it again, and no change is lost', async () => {
  const [bystander, person] = [await server.user(), await server.user()]
  await grant(bystander)
  for (const actor of [bystander, workspace.owner]) expectStatus(await read(actor), 200)
  await permissions.kill()
  await server.relate(`workspace:${workspace.id}`, 'view', `user:${person.id}`)
  expectStatus(await read(person), 503)
  await permissions.startAgain()
  // It is back, and has forgotten everything.
  expectStatus(await read(person), 503)
  expect(await pending()).toBeGreaterThan(0)

  expect((await sync('--check')).code).toBe(1)
  const repaired = await sync()
  expect(repaired.code).toBe(0)
  await delivered()
  for (const on of [server, beside]) {
    for (const actor of [bystander, person, workspace.owner]) {
      const last = await waitFor(
        () => read(actor, on),
        ({ status }) => status !== 503,
      )
      expectStatus(last, 200)
    }
  }
  expect((await sync('--check')).said).toContain('0 are missing or differ in SpiceDB, 0 are there and should not be.')
})

test('drift is found, told and repaired: missing, extra, and with another end', async () => {
  await delivered()
  expect((await sync('--check')).code).toBe(0)
  const [lost, smuggled, lent] = [await server.user(), await server.user(), await server.user()]
  const end = new Date('2999-01-01T00:00:00.000Z')
  await server.relate(`workspace:${workspace.id}`, 'view', `user:${lost.id}`)
  await server.relate(`workspace:${workspace.id}`, 'view', `user:${lent.id}`, end)
  await delivered()
  await spicedb.write([
    { op: 'delete', tuple: tupleOf(lost) },
    { op: 'touch', tuple: tupleOf(smuggled, 'owner') },
    { op: 'touch', tuple: { ...tupleOf(lent), expiresAt: new Date('2998-01-01T00:00:00.000Z') } },
    { op: 'touch', tuple: { ...tupleOf(smuggled), resource: { type: 'workspace', id: 'not-one-of-ours' } } },
  ])

  const found = await sync('--check')
  expect(found).toMatchObject({ code: 1 })
  expect(found.said).toContain('2 are missing or differ in SpiceDB, 2 are there and should not be.')
  const repaired = await sync()
  expect(repaired).toMatchObject({ code: 0 })
  expect(repaired.said).toContain('2 were written to SpiceDB, 2 deleted from it.')
  expect(await spicedb.find(tupleOf(lost))).toEqual(tupleOf(lost))
  expect(await spicedb.find(tupleOf(lent))).toEqual({ ...tupleOf(lent), expiresAt: end })
  expect(await spicedb.find(tupleOf(smuggled, 'owner'))).toBeNull()
  expect((await sync('--check')).code).toBe(0)
  for (const on of [server, beside]) {
    expectStatus(await read(lost, on), 200)
    expectStatus(await read(smuggled, on), 404)
  }
})

test('an installation goes to SpiceDB and back with its servers at work, and is let go only with all it has', async () => {
  const own = await startSpiceDb()
  const without = await startTestServer()
  try {
    const there = await without.workspace()
    const [first, later] = [await without.member(there.id, 'view'), await without.user()]
    await expect(startTestServer({ spicedb: own }, without)).rejects.toThrow('authz sync')
    expect(await syncOf(without, own, '--check')).toEqual({ code: 1, said: 'SpiceDB is empty.' })
    expect((await syncOf(without, own)).code).toBe(0)
    expect((await syncOf(without, own, '--check')).code).toBe(0)

    const by = await startTestServer({ spicedb: own }, without)
    try {
      const get = (actor: Actor) => by.as(actor)('GET', `/v1/workspaces/${there.id}`)
      expectStatus(await get(first), 200)
      expectStatus(await get(later), 404)
      // What a server that decides by itself changes is SpiceDB's to know, too.
      const body = { subject_type: 'user', subject: later.id, role: 'view' }
      const granted = await without.as(there.owner)('POST', `/v1/workspaces/${there.id}/grants`, body)
      expectStatus(granted, 201)
      expectStatus(await get(later), 200)
      expectStatus(await without.as(there.owner)('DELETE', `/v1/workspaces/${there.id}/grants/${String(granted.json['id'])}`), 204)
      expectStatus(await get(later), 404)
    } finally {
      await by.close()
    }

    expect((await syncOf(without, own, '--stop')).code).toBe(0)
    await without.relate(`workspace:${there.id}`, 'view', `user:${later.id}`)
    const { rows } = await without.superuser.query('select from hub.relationship_outbox')
    expect(rows).toEqual([])
    await expect(startTestServer({ spicedb: own }, without)).rejects.toThrow('authz sync')
  } finally {
    await without.close()
    await own.kill()
  }
})

test('a server starts while SpiceDB is away, answers 503 for what it would decide, and lets in once it has come', async () => {
  const own = await startSpiceDb()
  await own.kill()
  const early = await startTestServer({ spicedb: own })
  try {
    const accounts = () => early.as(early.operator)('GET', '/v1/accounts')
    expectStatus(await accounts(), 503)
    await own.startAgain()
    const answer = await waitFor(accounts, ({ status }) => status !== 503)
    expectStatus(answer, 200)
    expect(answer.list).toHaveLength(1)
    await early.workspace()
  } finally {
    await early.close()
    await own.kill()
  }
})
