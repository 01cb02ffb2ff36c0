import { vaultMask } from '@freehold/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { auditOf, findText } from './support/database-inspect.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let workspace: TestWorkspace
beforeAll(async () => {
  server = await startTestServer()
  workspace = await server.workspace()
})
afterAll(() => server.close())

const vault = (rest = '', of = workspace) => `/v1/workspaces/${of.id}/vault/collections${rest}`
const call = (method: string, rest: string, body?: unknown, headers?: Record<string, string>) =>
  server.as(workspace.owner)(method, vault(rest), body, headers)
const pointersOf = (answer: Answer) => ((answer.json['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer)
const text = { type: 'string' }

async function ok(answer: Promise<Answer>, status = 200): Promise<Answer> {
  const got = await answer
  expectStatus(got, status)
  return got
}
const define = (name: string, properties: object, more: object = {}) =>
  ok(call('POST', '', { name, schema: { type: 'object', properties }, ...more }), 201)
const insert = async (name: string, data: object) => (await ok(call('POST', `/${name}/records`, { data }), 201)).json
const sealedOf = async (id: unknown) =>
  (
    await server.superuser.query<{ sealed: Record<string, string>; hashes: Record<string, string> }>(
      'select sealed, hashes from instance.vault_record where id = $1',
      [id],
    )
  ).rows[0]!

describe('sensitive fields', () => {
  const secret = 'canary-4929-1234'
  beforeAll(async () => {
    const card = { type: 'object', properties: { number: { ...text, 'x-sensitive': true } } }
    await define('people', {
      name: text,
      card,
      ssn: { ...text, 'x-sensitive': { index: 'equality' } },
      pin: { type: 'integer', 'x-sensitive': true },
    })
  })

  test('GF-20 they are masked alike in every answer, and stand nowhere in clear', async () => {
    const made = await insert('people', { name: 'Ada', card: { number: secret }, ssn: `${secret}-ssn`, pin: 4711 })
    const masked = { name: 'Ada', card: { number: vaultMask }, ssn: vaultMask, pin: vaultMask }
    expect(made['data']).toEqual(masked)
    expect((await ok(call('GET', `/people/records/${String(made['id'])}`))).json['data']).toEqual(masked)
    for (const answer of [call('GET', '/people/records'), call('POST', '/people/query', {})])
      expect((await ok(answer)).text).not.toContain(secret)
    expect(await findText(server.superuser, secret)).toEqual([])
    const { sealed, hashes } = await sealedOf(made['id'])
    expect([Object.keys(sealed).toSorted(), Object.keys(hashes)]).toEqual([['card.number', 'pin', 'ssn'], ['ssn']])
  })

  test('GF-20 revealing needs the permission and a reason, and leaves an event without the value', async () => {
    const { id } = await insert('people', { name: 'Bob', card: { number: secret }, pin: 1 })
    const path = `/people/records/${String(id)}/reveal`
    const shown = await ok(
      call('POST', path, { fields: ['card.number', 'pin', 'ssn'], reason: 'A chargeback' }, { 'x-request-id': 'reveal-bob' }),
    )
    expect(shown.json).toEqual({ id, version: 1, values: { 'card.number': secret, pin: 1 } })
    const [event] = await auditOf(server.superuser, 'reveal-bob')
    expect(event).toMatchObject({ action: 'vault_record.reveal', actor_id: workspace.owner.id })
    const { rows } = await server.superuser.query<{ after: unknown }>("select after from hub.audit_event where request_id = 'reveal-bob'")
    expect(rows[0]!.after).toEqual({ collection: 'people', fields: ['card.number', 'pin', 'ssn'], reason: 'A chargeback' })
    expect(pointersOf(await call('POST', path, { fields: ['name'], reason: 'Because' }))).toEqual(['/body/fields/0'])
    const editor = await server.member(workspace.id, 'edit')
    const refused = await server.as(editor)('POST', vault(path), { fields: ['pin'], reason: 'Curious' })
    expect([refused.status, refused.json['permission']]).toEqual([403, 'reveal'])
  })

  test('a mask that is sent back keeps the value; where there is none to keep it is refused', async () => {
    const { id } = await insert('people', { name: 'Cyd', card: { number: secret }, ssn: '1' })
    const put = (data: object) => call('PUT', `/people/records/${String(id)}`, { data })
    expect((await ok(put({ name: 'Cyd 2', card: { number: vaultMask }, ssn: '2' }))).json).toMatchObject({ version: 2 })
    expect(pointersOf(await put({ name: 'Cyd', pin: vaultMask }))).toEqual(['/body/data/pin'])
    const shown = await ok(call('POST', `/people/records/${String(id)}/reveal`, { fields: ['card.number', 'ssn'], reason: 'check' }))
    expect(shown.json).toMatchObject({ version: 2, values: { 'card.number': secret, ssn: '2' } })
    expect(pointersOf(await call('POST', '/people/records', { data: { ssn: vaultMask } }))).toEqual(['/body/data/ssn'])
  })

  test('only `eq` and `in` compare one with an equality index, nothing else compares any, and none is sorted by', async () => {
    const { id } = await insert('people', { name: 'Dee', ssn: 'dee-1' })
    for (const filter of [{ ssn: { eq: 'dee-1' } }, { ssn: { in: ['x', 'dee-1'] } }])
      expect((await ok(call('POST', '/people/query', { filter }))).list.map((record) => record['id'])).toEqual([id])
    const refused = [
      { ssn: { gt: 'a' } },
      { ssn: { prefix: 'd' } },
      { ssn: { ne: 'x' } },
      { ssn: { eq: null } },
      { pin: { eq: 1 } },
      { ssn: { eq: vaultMask } },
    ]
    for (const filter of refused) expectStatus(await call('POST', '/people/query', { filter }), 400, JSON.stringify(filter))
    expect(pointersOf(await call('POST', '/people/query', { sort: [{ field: 'ssn' }] }))).toEqual(['/body/sort/0/field'])
  })

  test('faults name fields and never repeat what was sent', async () => {
    const bad = await call('POST', '/people/records', {
      data: { name: secret.length, ssn: secret.length, pin: secret, card: { number: [secret] } },
    })
    expect(pointersOf(bad).toSorted()).toEqual(['/body/data/card/number', '/body/data/name', '/body/data/pin', '/body/data/ssn'])
    expect(bad.text).not.toContain(secret)
  })

  test('PR-11 what is sealed for one field, record, version or workspace opens nowhere else', async () => {
    const other = await server.workspace({ id: workspace.accountId, owner: workspace.owner })
    const schema = { type: 'object', properties: { a: { ...text, 'x-sensitive': true }, b: { ...text, 'x-sensitive': true } } }
    const made: Record<string, unknown>[] = []
    for (const [of, count] of [
      [workspace, 2],
      [other, 1],
    ] as const) {
      await ok(server.as(workspace.owner)('POST', vault('', of), { name: 'moved', schema }), 201)
      for (let index = 0; index < count; index++)
        made.push(
          (await ok(server.as(workspace.owner)('POST', vault('/moved/records', of), { data: { a: `a${index}`, b: `b${index}` } }), 201))
            .json,
        )
    }
    const [one, two, theirs] = made.map(({ id }) => id as string)
    const own = await sealedOf(one)
    const set = (sealed: object, version = 1) =>
      server.superuser.query(
        "with recorded as (select set_config('app.recorded_by', pg_current_xact_id()::text, true)) update instance.vault_record set sealed = $2, version = $3 from recorded where id = $1",
        [one, JSON.stringify(sealed), version],
      )
    const reveal = () => call('POST', `/moved/records/${one!}/reveal`, { fields: ['a', 'b'], reason: 'try' })
    expect((await ok(reveal())).json['values']).toEqual({ a: 'a0', b: 'b0' })
    const swaps = [{ a: own.sealed['b']!, b: own.sealed['a']! }, (await sealedOf(two)).sealed, (await sealedOf(theirs)).sealed]
    for (const swap of swaps) {
      await set(swap)
      expect((await reveal()).status).toBe(500)
    }
    await set(own.sealed, 2)
    expect((await reveal()).status).toBe(500)
    await set(own.sealed)
    expect((await ok(reveal())).json['values']).toEqual({ a: 'a0', b: 'b0' })
  })
})

describe('schemas', () => {
  const refused: [string, object, string][] = [
    ['is no object', { type: 'array' }, '/body/schema/type'],
    ['has a keyword of nobody', { type: 'object', requried: ['a'] }, '/body/schema'],
    ['is no JSON Schema', { type: 'object', properties: { a: { type: 'text' } } }, '/body/schema/properties/a/type'],
    ['refers to elsewhere', { type: 'object', properties: { a: { $ref: 'https://example.test/x' } } }, '/body/schema/properties/a/$ref'],
    [
      'refers to itself',
      { type: 'object', $defs: { a: { items: { $ref: '#/$defs/a' } } }, properties: { a: { $ref: '#/$defs/a' } } },
      '/body/schema/$defs',
    ],
    ['has an id', { type: 'object', $id: 'https://example.test/x' }, '/body/schema/$id'],
    ['has a broken pattern', { type: 'object', properties: { a: { type: 'string', pattern: '(' } } }, '/body/schema/properties/a/pattern'],
    [
      'seals in an array',
      { type: 'object', properties: { a: { type: 'array', items: { type: 'string', 'x-sensitive': true } } } },
      '/body/schema/properties/a/items/x-sensitive',
    ],
    ['seals an object', { type: 'object', properties: { a: { type: 'object', 'x-sensitive': true } } }, '/body/schema/properties/a/type'],
  ]
  test.each(refused)('one that %s is refused', async (_, schema, pointer) => {
    const answer = await call('POST', '', { name: 'refused', schema })
    expectStatus(answer, 400)
    expect(pointersOf(answer)).toContain(pointer)
  })

  test('a pattern that backtracks without end is stopped, and the server goes on', async () => {
    await define('slow', { a: { type: 'string', pattern: '^(a+)+$' } })
    const answer = await call('POST', '/slow/records', { data: { a: `${'a'.repeat(60)}!` } })
    expectStatus(answer, 400)
    expect(answer.text).toContain('takes too long')
    await insert('slow', { a: 'aaa' })
  })

  test('GF-20 a wider schema is applied at once; a narrower one says what breaks, and needs a migration that all records survive', async () => {
    await define('evolving', { name: text, size: { type: 'integer', maximum: 10 } }, { indexes: [{ fields: [{ field: 'size' }] }] })
    for (const size of [1, 5, 9]) await insert('evolving', { name: `n${size}`, size })
    await insert('evolving', { name: 'none' })
    const change = (body: object) => call('PATCH', '/evolving/schema', body)
    const wider = { type: 'object', properties: { name: text, size: { type: 'number', maximum: 20 }, note: text } }
    expect((await ok(change({ schema: wider }))).json['schema_version']).toBe(2)

    const narrower = { ...wider, properties: { ...wider.properties, size: { type: 'number', maximum: 4 } }, required: ['size'] }
    const broken = await change({ schema: narrower })
    expect([broken.status, broken.json['breaking']]).toEqual([
      409,
      [
        { path: '/size', what: 'maximum has fallen', records: 2 },
        { path: '/size', what: 'is required now', records: 1 },
      ],
    ])
    expect((await change({ schema: narrower, migrate: true })).status).toBe(409)
    expect((await ok(call('GET', '/evolving/schema'))).json['schema_version']).toBe(2)

    const renamed = {
      type: 'object',
      properties: { title: text, size: { type: 'number' }, tier: { ...text, 'x-sensitive': true } },
      required: ['size', 'tier'],
    }
    const migration = { rename: { name: 'title' }, set_default: { size: 0, tier: 'basic' } }
    await ok(change({ schema: renamed, migration, indexes: [{ fields: [{ field: 'title', dir: 'desc' }] }] }))
    const { list } = await ok(call('POST', '/evolving/query', { sort: [{ field: 'title' }] }))
    expect(list.map(({ data }) => data)).toEqual([
      { title: 'n1', size: 1, tier: vaultMask },
      { title: 'n5', size: 5, tier: vaultMask },
      { title: 'n9', size: 9, tier: vaultMask },
      { title: 'none', size: 0, tier: vaultMask },
    ])
    const unsealing = { ...renamed, properties: { ...renamed.properties, tier: text } }
    expect(pointersOf(await change({ schema: unsealing, migrate: true }))).toEqual(['/body/schema'])
  })
})

test('GF-20 deleting a collection needs its name, and says what will be lost', async () => {
  await define('doomed', { name: text }, { indexes: [{ fields: [{ field: 'name' }] }] })
  for (const name of ['a', 'b']) await insert('doomed', { name })
  for (const confirm of ['', '?confirm=other']) {
    const refused = await call('DELETE', `/doomed${confirm}`)
    expect([refused.status, refused.json['records'], pointersOf(refused)]).toEqual([400, 2, ['/query/confirm']])
  }
  const { id } = (await ok(call('GET', '/doomed'))).json
  await ok(call('DELETE', '/doomed?confirm=doomed'), 204)
  expectStatus(await call('GET', '/doomed'), 404)
  for (const table of ['vault_record', 'vault_index_entry', 'vault_count'])
    expect((await server.superuser.query(`select from instance.${table} where collection_id = $1`, [id])).rowCount).toBe(0)
})

test('a unique index refuses a second record of its values, but not absent ones, also of changes and across processes', async () => {
  await define('unique', { email: text, age: { type: 'integer' } }, { indexes: [{ fields: [{ field: 'email' }], unique: true }] })
  const { id } = await insert('unique', { email: 'a@x' })
  await insert('unique', { age: 1 })
  await insert('unique', { age: 2 })
  const second = await insert('unique', { email: 'b@x' })
  expectStatus(await call('POST', '/unique/records', { data: { email: 'a@x' } }), 409)
  expectStatus(await call('PUT', `/unique/records/${String(second['id'])}`, { data: { email: 'a@x' } }), 409)
  await ok(call('PUT', `/unique/records/${String(id)}`, { data: { email: 'a@x', age: 3 } }))
  await ok(call('DELETE', `/unique/records/${String(id)}`), 204)
  const race = await Promise.all(Array.from({ length: 8 }, () => call('POST', '/unique/records', { data: { email: 'a@x' } })))
  expect(race.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409, 409, 409, 409, 409, 409, 409])
  expect((await ok(call('GET', '/unique'))).json['record_count']).toBe(4)
})

test('limits on collections and records hold under a race', async () => {
  const small = await server.workspace()
  await server.setLimits(small, 3)
  const as = server.as(small.owner)
  const makeAll = ['one', 'two', 'three', 'four', 'five'].map((name) => as('POST', vault('', small), { name, schema: { type: 'object' } }))
  const made = await Promise.all(makeAll)
  expect(made.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 201, 201, 402, 402])
  const kept = made.find(({ status }) => status === 201)!.json['name'] as string
  const race = await Promise.all(Array.from({ length: 8 }, () => as('POST', vault(`/${kept}/records`, small), { data: {} })))
  expect(race.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 201, 201, 402, 402, 402, 402, 402])
})
