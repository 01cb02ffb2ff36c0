import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

type Data = { name?: string; kind?: string | null; size?: number; open?: boolean; at?: { place?: string } }
type Condition = Record<string, unknown>
type Sort = { field: string; dir?: 'asc' | 'desc' }[]

let server: TestServer
let workspace: TestWorkspace
const stored = new Map<string, Data>()

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    kind: { type: ['string', 'null'] },
    size: { type: 'number' },
    open: { type: 'boolean' },
    at: { type: 'object', properties: { place: { type: 'string' } } },
    tags: { type: 'array', items: { type: 'string' } },
  },
}
const index = (...fields: string[]) => ({
  fields: fields.map((field) => (field.startsWith('-') ? { field: field.slice(1), dir: 'desc' } : { field })),
})
const indexes = [
  index('kind'),
  index('kind', '-size'),
  index('size', 'name'),
  index('name'),
  index('at.place', 'open'),
  index('open', 'kind', '-name'),
]

const names = [
  '',
  'a',
  'ab',
  'abc',
  'b',
  'B',
  'é',
  '日本',
  '😀',
  '\uffff',
  'x'.repeat(255),
  `${'x'.repeat(256)}a`,
  `${'x'.repeat(256)}b`,
  '%_',
  "'; --",
]
const sizes = [0, -0, 1, -1, 1.5, -1.5, 1e21, -1e-7, Number.MAX_SAFE_INTEGER, 10, 9]
const kinds = ['red', 'green', 'blue']
const places = ['Oslo', 'Os', 'Rome']

beforeAll(async () => {
  server = await startTestServer()
  workspace = await server.workspace()
  for (const [name, given] of [
    ['plain', []],
    ['indexed', indexes],
  ] as const)
    await ok(call('POST', '', { name, schema, indexes: given }), 201)
  const record = fc.record(
    {
      name: fc.constantFrom(...names),
      kind: fc.constantFrom(...kinds, null),
      size: fc.constantFrom(...sizes),
      open: fc.boolean(),
      at: fc.record({ place: fc.constantFrom(...places) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  )
  for (const data of fc.sample(record, { numRuns: 70, seed: 7 }) as Data[]) {
    const { json } = await ok(call('POST', '/indexed/records', { data }), 201)
    stored.set(json['id'] as string, data)
    await ok(call('POST', '/plain/records', { data }), 201)
  }
  // Changed and deleted ones must be found as they are now.
  for (const [id, data] of [...stored].slice(0, 10)) {
    const changed = { ...data, kind: 'blue', size: 9 }
    await ok(call('PUT', `/indexed/records/${id}`, { data: changed }))
    stored.set(id, changed)
  }
  for (const id of [...stored.keys()].slice(10, 15)) {
    await ok(call('DELETE', `/indexed/records/${id}`), 204)
    stored.delete(id)
  }
})
afterAll(() => server.close())

const call = (method: string, rest: string, body?: unknown) =>
  server.as(workspace.owner)(method, `/v1/workspaces/${workspace.id}/vault/collections${rest}`, body)
async function ok(answer: Promise<Answer>, status = 200): Promise<Answer> {
  const got = await answer
  expectStatus(got, status)
  return got
}

const leaf = fc.oneof(
  ...(
    [
      ['name', names],
      ['kind', kinds],
      ['size', sizes],
      ['at.place', places],
    ] as [string, unknown[]][]
  ).map(([field, values]) =>
    fc.oneof(
      fc
        .tuple(fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte'), fc.constantFrom(...values))
        .map(([op, value]) => ({ [field]: { [op]: value } })),
      fc.constantFrom(...values).map((value) => ({ [field]: { eq: value } })),
      fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }).map((list) => ({ [field]: { in: list } })),
      field === 'size'
        ? fc.constant({ size: { eq: null } })
        : fc.constantFrom('a', 'O', 'x'.repeat(256), 'r', '').map((prefix) => ({ [field]: { prefix } })),
    ),
  ),
  fc.boolean().map((open) => ({ open: { eq: open } })),
)
const filters: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant({}),
  { arbitrary: fc.array(leaf, { minLength: 1, maxLength: 3 }).map((parts) => ({ and: parts })), weight: 4 },
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((parts) => ({ or: parts })),
  leaf.map((part) => ({ not: part })),
)
const sorts: fc.Arbitrary<Sort> = fc
  .uniqueArray(fc.constantFrom('name', 'kind', 'size', 'open', 'at.place'), { maxLength: 2 })
  .chain((fields) => fc.tuple(...fields.map((field) => fc.constantFrom('asc' as const, 'desc' as const).map((dir) => ({ field, dir })))))

const valueAt = (data: Data, path: string) =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], data) ?? null
const bytes = (value: unknown) => Buffer.from(String(value))
function compareValues(one: unknown, other: unknown): number {
  if (typeof one === 'string') return Buffer.compare(bytes(one), bytes(other))
  return Number(one) - Number(other)
}

/** What the filter means, said once more and in other words. */
function holds(data: Data, filter: Condition): boolean {
  return Object.entries(filter).every(([name, wanted]) => {
    if (name === 'and') return (wanted as Condition[]).every((part) => holds(data, part))
    if (name === 'or') return (wanted as Condition[]).some((part) => holds(data, part))
    if (name === 'not') return !holds(data, wanted as Condition)
    const value = valueAt(data, name)
    return Object.entries(wanted as Condition).every(([op, given]) => {
      if (op === 'ne') return !(value === given || (value === 0 && given === 0))
      if (op === 'eq') return value === given
      if (op === 'in') return (given as unknown[]).includes(value)
      if (value === null) return false
      if (op === 'prefix') return bytes(value).subarray(0, bytes(given).length).equals(bytes(given))
      const order = compareValues(value, given)
      return { lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[op]
    })
  })
}

/** Order by the first 256 bytes of a text; absent values last, and first where it is turned. */
function order(sort: Sort) {
  const key = (value: unknown) => (typeof value === 'string' ? bytes(value).subarray(0, 256).toString('latin1') : value)
  return (one: Data, other: Data) => {
    for (const { field, dir } of sort) {
      const [left, right] = [key(valueAt(one, field)), key(valueAt(other, field))]
      const turn = dir === 'desc' ? -1 : 1
      if (left === right || (left === 0 && right === 0)) continue
      if (left === null || right === null) return left === null ? turn : -turn
      return (typeof left === 'string' ? (left < (right as string) ? -1 : 1) : Number(left) - Number(right)) * turn
    }
    return 0
  }
}

async function all(collection: string, query: { filter: Condition; sort: Sort; limit: number }): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await ok(call('POST', `/${collection}/query`, { ...query, ...(cursor && { cursor }) }))
    expect(page.list.length).toBeLessThanOrEqual(query.limit)
    found.push(...page.list)
    cursor = page.headers.get('next-cursor')
  }
  return found
}

test('GF-20 pages of any query hold what its filter means, each record once, in the order of its sort, by index and without', async () => {
  await fc.assert(
    fc.asyncProperty(filters, sorts, fc.constantFrom(3, 7, 100), async (filter, sort, limit) => {
      const found = await all('indexed', { filter, sort, limit })
      const expected = [...stored].filter(([, data]) => holds(JSON.parse(JSON.stringify(data)) as Data, filter)).map(([id]) => id)
      const ids = found.map(({ id }) => id as string)
      expect(ids.toSorted()).toEqual(expected.toSorted())
      const compare = order(sort)
      const data = ids.map((id) => JSON.parse(JSON.stringify(stored.get(id))) as Data)
      for (let at = 1; at < data.length; at++) expect(compare(data[at - 1]!, data[at]!)).toBeLessThanOrEqual(0)
      if (sort.length === 0) expect(ids).toEqual(ids.toSorted().reverse())
      const { json } = await ok(call('GET', `/indexed/count?filter=${encodeURIComponent(JSON.stringify(filter))}`))
      expect(json).toEqual({ count: expected.length, exact: true })
    }),
    { numRuns: Number(process.env['QUERY_RUNS'] ?? 150), seed: 3 },
  )
}, 120_000)

describe('what cannot be asked', () => {
  const wrong: [object, string][] = [
    [{ nothing: { eq: 1 } }, '/body/filter/nothing'],
    [{ name: { eq: 1 } }, '/body/filter/name/eq'],
    [{ size: { gt: '1' } }, '/body/filter/size/gt'],
    [{ size: { prefix: '1' } }, '/body/filter/size/prefix'],
    [{ open: { lt: true } }, '/body/filter/open/lt'],
    [{ name: { like: 'x' } }, '/body/filter/name/like'],
    [{ name: 'x' }, '/body/filter/name'],
    [{ tags: { eq: 'x' } }, '/body/filter/tags'],
    [{ and: [] }, '/body/filter/and'],
    [{ "name' or 1=1 --": { eq: 'x' } }, "/body/filter/name' or 1=1 --"],
    [{ name: { in: Array.from({ length: 101 }, String) } }, '/body/filter/name/in'],
  ]
  test.each(wrong)('%s %s', async (filter, pointer) => {
    const answer = await call('POST', '/plain/query', { filter })
    expectStatus(answer, 400)
    expect((answer.json['errors'] as { pointer: string }[]).map((error) => error.pointer)).toEqual([pointer])
  })

  test("another query's cursor", async () => {
    const page = await ok(call('POST', '/plain/query', { limit: 1, sort: [{ field: 'name' }] }))
    const cursor = page.headers.get('next-cursor')!
    await ok(call('POST', '/plain/query', { limit: 2, sort: [{ field: 'name' }], cursor }))
    expectStatus(await call('POST', '/plain/query', { limit: 1, sort: [{ field: 'size' }], cursor }), 400)
    expectStatus(await call('POST', '/indexed/query', { limit: 1, sort: [{ field: 'name' }], cursor }), 400)
  })
})

test('GF-20 a large collection is searched by its indexes only; one that is added is built in the background, and a dropped one goes', async () => {
  const name = 'large'
  const made = await ok(call('POST', '', { name, schema, indexes: [index('kind')] }), 201)
  await fill(made.json['id'] as string, 21_000)
  const query = { filter: { name: { eq: 'n7' } } }
  const refused = await call('POST', `/${name}/query`, query)
  expect([refused.status, refused.json['suggested_index']]).toEqual([400, { fields: [{ field: 'name', dir: 'asc' }] }])
  const changed = await ok(call('PATCH', `/${name}/schema`, { indexes: [index('name')] }))
  expect(changed.json['indexes']).toEqual([{ ...index('name'), fields: [{ field: 'name', dir: 'asc' }], unique: false, state: 'building' }])
  const { json: during } = await ok(call('POST', `/${name}/records`, { data: { name: 'n7' } }), 201)
  await waitFor(async () => {
    const { json } = await ok(call('GET', `/${name}`))
    return (json['indexes'] as { state: string }[])[0]!.state === 'ready'
  }, Boolean)
  const found = await ok(call('POST', `/${name}/query`, query))
  expect(found.list).toHaveLength(22)
  expect(found.list.map((record) => record['id'])).toContain(during['id'])
  await ok(call('DELETE', `/${name}?confirm=${name}`), 204)
  expectStatus(await call('GET', `/${name}`), 404)
  await waitFor(async () => {
    const left = await server.superuser.query('select from instance.vault_collection where id = $1', [made.json['id']])
    return left.rowCount === 0
  }, Boolean)
  for (const table of ['vault_record', 'vault_index_entry', 'vault_count', 'vault_task'])
    expect((await server.superuser.query(`select from instance.${table} where collection_id = $1`, [made.json['id']])).rowCount).toBe(0)
}, 60_000)

/** Records beside the API, which takes its time for so many. */
async function fill(id: string, records: number): Promise<void> {
  await server.superuser.query('begin')
  await server.superuser.query("select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  await server.superuser.query(
    `insert into instance.vault_record (workspace_id, collection_id, id, data, created_at, updated_at)
     select $1, $2, gen_random_uuid(), jsonb_build_object('name', 'n' || n % 1000, 'kind', 'red'), now(), now() from generate_series(1, $3::integer) n`,
    [workspace.id, id, records],
  )
  await server.superuser.query('insert into instance.vault_count (workspace_id, collection_id, stripe, records) values ($1, $2, 0, $3)', [
    workspace.id,
    id,
    records,
  ])
  await server.superuser.query('commit')
}
