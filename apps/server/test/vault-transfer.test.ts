import { vaultMask } from '@freehold/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Readable } from 'node:stream'
import { expectStatus } from './support/request.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let tenant: Tenant
let count = 0

beforeAll(async () => {
  server = await startTestServer()
  tenant = await createTenant(server)
})
afterAll(() => server.close())

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', maxLength: 50 },
    age: { type: 'integer', minimum: 0 },
    vip: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' } },
    address: { type: 'object', additionalProperties: false, properties: { city: { type: 'string' } } },
    ssn: { type: 'string', 'x-sensitive': true },
  },
}

/** A new collection's path. */
async function collection(indexes: unknown[] = []): Promise<string> {
  const collections = `/v1/workspaces/${tenant.workspace.id}/vault/collections`
  const name = `people_${++count}`
  expectStatus(await server.as(tenant.owner)('POST', collections, { name, schema, indexes }), 201)
  return `${collections}/${name}`
}
const send = (path: string, body: string, query = '', headers: Record<string, string> = {}) =>
  server.as(tenant.owner)('POST', `${path}/import${query}`, body, { 'content-type': 'application/jsonl', ...headers })
const get = (path: string) => server.as(tenant.owner)('GET', path)
const counted = async (path: string) => (await get(`${path}/count`)).json['count']
const documents = async (path: string) => {
  const { text } = await get(`${path}/export`)
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('CSV and JSON Lines come back as they went in: types, nested fields, empty cells and formulas', async () => {
  const path = await collection()
  const people = [
    { name: 'Ada, "the first"', age: 36, vip: true, tags: ['a', 'b'], address: { city: 'London\nUK' } },
    { name: '=1+1' },
    { name: "'=quoted", address: { city: '' } },
    { name: '-5', age: 0, vip: false },
  ]
  expectStatus(await send(path, people.map((person) => JSON.stringify(person)).join('\n')), 200)
  expect(await documents(path)).toEqual(people)

  const csv = await get(`${path}/export?format=csv`)
  expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
  expect(csv.text.split('\r\n')[0]).toBe('name,age,vip,tags,address.city,ssn')
  expect(csv.text).toContain("'=1+1")
  const again = await collection()
  const answer = await send(again, csv.text, '', { 'content-type': 'text/csv' })
  expectStatus(answer, 200)
  expect(answer.json).toEqual({ imported: 4, refused: 0, errors: [] })
  expect(await documents(again)).toEqual(people)
})

test('one line that does not fit and nothing is imported; every such line is named', async () => {
  const path = await collection()
  const csv = 'name,age,unknown\r\nAda,36,\r\nBob,old,\r\n,5,\r\nCyd,1,x\r\nDee\r\n'
  const refused = await send(path, csv, '?format=csv')
  expectStatus(refused, 400)
  expect(refused.json).toMatchObject({ imported: 0, refused: 4 })
  expect((refused.json['errors'] as { line: number; pointer: string }[]).map(({ line, pointer }) => [line, pointer])).toEqual([
    [3, '/age'],
    [4, '/name'],
    [5, '/unknown'],
    [6, ''],
  ])
  expect(await counted(path)).toBe(0)

  const dry = await send(path, csv, '?format=csv&dry_run=true')
  expectStatus(dry, 200)
  expect(dry.json).toMatchObject({ imported: 0, refused: 4 })
  const skipped = await send(path, csv, '?format=csv&mode=skip_invalid')
  expect(skipped.json).toMatchObject({ imported: 1, refused: 4 })
  expect(await documents(path)).toEqual([{ name: 'Ada', age: 36 }])
})

test('what a unique index forbids is refused by its line, within the file and against what is stored', async () => {
  const path = await collection([{ fields: [{ field: 'name' }], unique: true }])
  expectStatus(await send(path, '{"name":"Ada"}'), 200)
  const lines = ['{"name":"Bob"}', '{"name":"Ada"}', '', '{"name":"Bob"}', '{"name":"Cyd"}'].join('\n')
  const refused = await send(path, lines)
  expectStatus(refused, 400)
  expect((refused.json['errors'] as { line: number }[]).map(({ line }) => line)).toEqual([2, 4])
  expect(await counted(path)).toBe(1)
  expect((await send(path, lines, '?mode=skip_invalid')).json).toMatchObject({ imported: 2, refused: 2 })
  expect(await counted(path)).toBe(3)
})

test('sensitive fields are sealed, masked in the export, and never taken from a mask', async () => {
  const path = await collection()
  expectStatus(await send(path, '{"name":"Ada","ssn":"123-45-6789"}'), 200)
  expect(await documents(path)).toEqual([{ name: 'Ada', ssn: vaultMask }])
  const back = await send(path, (await get(`${path}/export`)).text)
  expectStatus(back, 400)
  expect((back.json['errors'] as { pointer: string }[])[0]!.pointer).toBe('/ssn')
  const { rows } = await server.superuser.query("select from instance.vault_record where data::text || sealed::text like '%123-45-6789%'")
  expect(rows).toEqual([])
})

test.each([
  ['not JSON', '{"name":', '?mode=skip_invalid', 'is not valid JSON'],
  ['no object', '[1]', '?mode=skip_invalid', 'is no JSON object'],
  ['U+0000', '{"name":"a\\u0000"}', '?mode=skip_invalid', 'holds text that cannot be stored'],
  ['half a character', '{"name":"\\ud800"}', '?mode=skip_invalid', 'holds text that cannot be stored'],
  ['a prototype', '{"name":"a","__proto__":{"vip":true}}', '?mode=skip_invalid', 'holds text that cannot be stored'],
])('a line that is %s is refused alone', async (_what, line, query, message) => {
  const path = await collection()
  const answer = await send(path, `${line}\n{"name":"ok \\\\u0000"}`, query)
  expectStatus(answer, 200)
  expect(answer.json).toMatchObject({ imported: 1, refused: 1, errors: [{ line: 1, message }] })
})

test.each([
  ['a broken quote', 'name\r\n"Ada'],
  ['a field named twice', 'name,name\r\nAda,Bob'],
  ['a field without a name', 'name,\r\nAda,Bob'],
])('CSV with %s is 400 and imports nothing, in either mode', async (_what, csv) => {
  const path = await collection()
  for (const mode of ['all_or_nothing', 'skip_invalid']) expectStatus(await send(path, csv, `?format=csv&mode=${mode}`), 400)
  expect(await counted(path)).toBe(0)
})

test('an import leaves one event with counts and no content', async () => {
  const path = await collection()
  expectStatus(await send(path, '{"name":"Grace Hopper"}\n{"age":1}', '?mode=skip_invalid', { 'x-request-id': 'the-import' }), 200)
  const { rows } = await server.superuser.query<{ after: unknown }>("select after from hub.audit_event where request_id = 'the-import'")
  expect(rows).toEqual([{ after: { format: 'jsonl', mode: 'skip_invalid', imported: 1, refused: 1 } }])
})

test(
  '100,000 records are imported and exported with flat memory, all or nothing; one more is too large',
  { timeout: 240_000 },
  async () => {
    const path = await collection([{ fields: [{ field: 'age' }] }])
    const total = 100_000
    const upload = (records: number, last: string) => {
      function* lines() {
        for (let batch = 0; batch < records / 1000; batch++) {
          let text = ''
          for (let index = 0; index < 1000; index++) {
            const number = batch * 1000 + index
            text += `{"name":"Person ${number}","age":${number % 90},"tags":["${'x'.repeat(200)}"]}\n`
          }
          yield Buffer.from(text)
        }
        yield Buffer.from(last)
      }
      return fetch(`${server.url}${path}/import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tenant.owner.token}`, 'content-type': 'application/jsonl' },
        body: Readable.toWeb(Readable.from(lines())) as ReadableStream,
        duplex: 'half',
      })
    }
    const refused = await upload(total - 1000, '{"name":"last","age":-1}\n')
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ imported: 0, refused: 1, errors: [{ line: total - 999, pointer: '/age' }] })
    expect(await counted(path)).toBe(0)
    expect((await upload(total, '{"name":"one more"}\n')).status).toBe(413)
    expect(await counted(path)).toBe(0)

    let most = 0
    const before = process.memoryUsage.rss()
    const watching = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20)
    const began = Date.now()
    const answer = await upload(total, '')
    const text = await answer.text()
    process.stderr.write(`${Date.now() - began} ms\n`)
    clearInterval(watching)
    expect(answer.status, text).toBe(200)
    expect(JSON.parse(text)).toEqual({ imported: total, refused: 0, errors: [] })
    expect((most - before) / 2 ** 20).toBeLessThan(150)
    expect(await counted(path)).toBe(total)
    const exported = await get(`${path}/export`)
    expect(exported.text.split('\n').length - 1).toBe(total)
  },
)
