import { Writable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { listTables, settle } from './support/database-inspect.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

// Long enough to be nobody's by chance, and with what encodings change.
const canaries = {
  secret: 'Canary-of-a-secret-"7Hq2"/ü+&=',
  earlier: 'Canary-of-an-earlier-value-"9Zk4"/ö+&=',
  credential: 'ghp_CanaryOfACredential5xW8\\"/+',
  field: 'Canary-of-a-sensitive-field-"3Bt6"/ä+&=',
}
const values = Object.values(canaries)

let server: TestServer
let workspace: TestWorkspace
let logged = ''
const answered: string[] = []

beforeAll(async () => {
  const log = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString()
      done()
    },
  })
  server = await startTestServer({}, undefined, pino({ level: 'trace' }, log))
  workspace = await server.workspace()
})
afterAll(() => server.close())

/** Calls as the owner; what is answered is searched too, but where a value is what was asked for. */
async function call(method: string, path: string, body?: unknown, { reveals = false } = {}): Promise<Record<string, unknown>> {
  const answer = await server.as(workspace.owner)(method, `/v1/workspaces/${workspace.id}${path}`, body)
  if (!reveals) answered.push(`${method} ${path} ${answer.text} ${JSON.stringify([...answer.headers])}`)
  else expect(answer.text).toContain('Canary')
  return { ...answer.json, status: answer.status }
}

/** Every form in which a value might have been written down. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  // What stands before a value moves its base64 by one or two bytes; the first and last characters depend on the neighbours.
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  )
  const gzipped = gzipSync(bytes).subarray(10, -8)
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value)).slice(3, -3),
    bytes.toString('hex'),
    encodeURIComponent(value),
    new URLSearchParams({ value }).toString().slice(6),
    ...shifted,
    ...shifted.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    gzipped.toString('hex'),
    gzipped.toString('base64').slice(0, -4),
  ]
}

function findIn(text: string): string[] {
  return values.filter((value) => formsOf(value).some((form) => text.includes(form)))
}

/** Tables in which any value stands in any form, those of the job queue among them. */
async function findInDatabase(wanted: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const table of await listTables(server.superuser)) {
    const { rows } = await server.superuser.query<{ text: string }>(`select t::text as text from ${table} t`)
    const text =
      rows.map((row) => row.text.replaceAll('\\\\', '\\').replaceAll('""', '"')).join('\n') + rows.map((row) => row.text).join('\n')
    if (wanted.some((value) => formsOf(value).some((form) => text.includes(form)))) found.push(table)
  }
  return found
}

test('the search finds a value in every form, in a text and in the database', async () => {
  for (const value of values) {
    for (const form of formsOf(value)) expect(findIn(`before ${form} after`), form).toEqual([value])
  }
  const probe = 'Canary-of-what-is-no-secret-"1Qx8"/ë+&='
  await call('PATCH', '', { description: probe })
  expect(await findInDatabase([probe])).toEqual(expect.arrayContaining(['hub.workspace', 'hub.audit_event']))
})

test('GF-18 GF-20 PR-04 no value is in logs, audit, errors, job payloads, the database or any answer but those that are asked for it', async () => {
  expect(await call('PUT', '/secrets/TOKEN', { value: canaries.earlier })).toMatchObject({ status: 200 })
  expect(await call('PUT', '/secrets/TOKEN', { value: canaries.secret, previous_valid_seconds: 60 })).toMatchObject({ status: 200 })
  await call('PUT', '/secrets/OTHER', { value: `\${TOKEN} ${canaries.field}` })
  await call('GET', '/secrets/TOKEN', undefined, { reveals: true })
  await call('GET', '/secrets/resolve', undefined, { reveals: true })
  await call('POST', '/secrets/TOKEN/rollback', { version: 1 })
  await call('POST', '/secrets/import', { secrets: { IMPORTED: canaries.secret, TOKEN: canaries.earlier } })
  await call('POST', '/secrets/import?dry_run=true', { dotenv: `DRY="${canaries.credential}"` })
  for (const path of ['/secrets', '/secrets/TOKEN/metadata', '/secrets/TOKEN/versions']) await call('GET', path)

  const fields = { base_url: 'https://api.github.com' }
  const made = await call('POST', '/credentials', { type: 'github', name: 'Canary', fields, secrets: { token: canaries.credential } })
  expect(made['status']).toBe(201)
  await call('PATCH', `/credentials/${String(made['id'])}`, { secrets: { token: canaries.credential }, name: 'Bird' })
  await call('PATCH', `/credentials/${String(made['id'])}`, {
    fields: { base_url: 'http://127.0.0.1:9' },
    secrets: { token: canaries.credential },
  })
  await call('POST', `/credentials/${String(made['id'])}/check`)
  await call('GET', '/credentials')

  const properties = { name: { type: 'string' }, pin: { type: 'string', maxLength: 60, 'x-sensitive': { index: 'equality' } } }
  const schema = { type: 'object', properties, additionalProperties: false }
  expect((await call('POST', '/vault/collections', { name: 'birds', schema }))['status']).toBe(201)
  const record = await call('POST', '/vault/collections/birds/records', { data: { name: 'one', pin: canaries.field } })
  expect(record['status']).toBe(201)
  const at = `/vault/collections/birds/records/${String(record['id'])}`
  await call('PUT', at, { data: { name: 'two', pin: canaries.field } })
  await call('GET', at)
  await call('GET', '/vault/collections/birds/records')
  await call('POST', '/vault/collections/birds/query', { filter: { pin: { eq: canaries.field } } })
  await call('POST', `${at}/reveal`, { fields: ['pin'], reason: 'A test.' }, { reveals: true })

  // Refused, each in a way of its own.
  for (const [method, path, body] of [
    ['PUT', '/secrets/TOKEN', { value: canaries.secret, category: 'none' }],
    ['PUT', '/secrets/1TOKEN', { value: canaries.secret }],
    ['PUT', '/secrets/TOKEN', { value: [canaries.secret] }],
    ['PUT', '/secrets/BIG', { value: canaries.secret.repeat(3000) }],
    ['PUT', '/secrets/TOKEN?environment=none', { value: canaries.secret }],
    ['POST', '/secrets/import', { dotenv: `1BAD="${canaries.secret}"\n${canaries.earlier}` }],
    ['POST', '/credentials', { type: 'github', name: 'Canary', fields: {}, secrets: { token: [canaries.credential] } }],
    ['POST', '/credentials', { type: 'github', name: 'bird', fields, secrets: { token: canaries.credential } }],
    ['POST', '/vault/collections/birds/records', { data: { name: 7, pin: canaries.field } }],
    ['POST', '/vault/collections/birds/records', { data: { pin: canaries.field.repeat(3) } }],
    ['POST', '/vault/collections/birds/query', { filter: { pin: { gt: canaries.field } } }],
  ] as const) {
    expect((await call(method, path, body))['status'], `${method} ${path}`).toBeGreaterThanOrEqual(400)
  }
  await call('GET', '/export?format=json')
  await call('GET', '/vault/collections/birds/export?format=csv')
  await call('GET', '/audit?limit=1000')

  await settle(server.superuser)
  expect(answered.filter((text) => findIn(text).length > 0)).toEqual([])
  expect(logged.length).toBeGreaterThan(0)
  expect(findIn(logged)).toEqual([])
  expect(await findInDatabase(values)).toEqual([])
})
