// The Data Vault at 1,000,000 records: a server in the production configuration against bare Fastify with prepared statements on a table
// made by hand with the same indexes, in one database and one run. One request at a time, in turn; medians of paired ratios.
//   node bench/vault.ts [--records 1000000] [--rounds 200]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { call, createWorkspace, startServers } from './support/servers.ts'

const { values: flags } = parseArgs({
  options: { records: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '200' } },
})
const records = Number(flags.records)
const rounds = Number(flags.rounds)
const kinds = Math.max(10, records / 1000)

const servers = await startServers(1)
const db = new pg.Client({ connectionString: servers.superuserUrl })
await db.connect()
try {
  const [url, token] = [servers.urls[0]!, servers.operatorToken]
  const workspaceId = await createWorkspace(servers)
  const path = `/v1/workspaces/${workspaceId}/vault/collections`
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, kind: { type: 'string' }, size: { type: 'number' }, note: { type: 'string' } },
  }
  const { id } = await call(url, token, 201, 'POST', path, { name: 'bench', schema })
  await fill(workspaceId, String(id))
  const building = Date.now()
  const indexes = [['kind'], ['kind', '-size'], ['size'], ['name']].map((fields) => ({
    fields: fields.map((field) => (field.startsWith('-') ? { field: field.slice(1), dir: 'desc' } : { field })),
  }))
  await call(url, token, 200, 'PATCH', `${path}/bench/schema`, { indexes })
  for (;;) {
    const { indexes: states } = (await call(url, token, 200, 'GET', `${path}/bench`)) as { indexes: { state: string }[] }
    if (states.every(({ state }) => state === 'ready')) break
    await new Promise((wake) => setTimeout(wake, 500))
  }
  console.log(`4 indexes of ${records} records built in ${((Date.now() - building) / 1000).toFixed(0)} s while serving`)
  await db.query('vacuum analyze')

  const bare = spawn(process.execPath, ['bench/support/bare-vault.ts', servers.superuserUrl], {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = (await once(bare.stdout, 'data')) as [Buffer]
  const ask = async (name: string, values: unknown[]): Promise<Row[]> => {
    const body = JSON.stringify(values)
    const answer = await fetch(`http://127.0.0.1:${String(port).trim()}/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    return (await answer.json()) as Row[]
  }
  const authorized = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const query = async (body: object): Promise<Row[]> => {
    const answer = await fetch(`${url}${path}/bench/query`, { method: 'POST', headers: authorized, body: JSON.stringify(body) })
    if (answer.status !== 200) throw new Error(await answer.text())
    next = answer.headers.get('next-cursor')
    return (await answer.json()) as Row[]
  }
  const get = async (rest: string): Promise<Row[]> => {
    const answer = await fetch(`${url}${path}/bench/${rest}`, { headers: authorized })
    if (answer.status !== 200) throw new Error(await answer.text())
    return [(await answer.json()) as Row]
  }

  // A place in the middle of the order, reached as a client would.
  let next: string | null = null
  let last: Row | undefined
  const pages = Math.floor(records / 2000)
  for (let page = 0; page < pages; page++)
    last = (await query({ sort: [{ field: 'name' }], limit: 1000, ...(next === null ? {} : { cursor: next }) })).at(-1)
  const deepCursor = next
  const deepKey = [last!.data.name, last!.id]

  const any = (most: number) => Math.floor(Math.random() * most)
  const { rows: some } = await db.query<{ id: string }>('select id from bench_plain order by random() limit 1000')
  const cases: Record<string, () => [() => Promise<Row[]>, () => Promise<Row[]>]> = {
    'one by id': () => {
      const wanted = some[any(some.length)]!.id
      return [() => get(`records/${wanted}`), () => ask('get', [wanted])]
    },
    'equality, newest first': () => {
      const kind = `kind ${any(kinds)}`
      return [() => query({ filter: { kind: { eq: kind } } }), () => ask('equality', [kind])]
    },
    'equality, sorted': () => {
      const kind = `kind ${any(kinds)}`
      return [() => query({ filter: { kind: { eq: kind } }, sort: [{ field: 'size', dir: 'desc' }] }), () => ask('sorted', [kind])]
    },
    range: () => {
      const from = Math.random() * 900_000
      return [
        () => query({ filter: { size: { gte: from, lt: from + 1e5 } }, sort: [{ field: 'size' }] }),
        () => ask('range', [from, from + 1e5]),
      ]
    },
    prefix: () => {
      const prefix = `name ${String(any(100)).padStart(2, '0')}`
      return [() => query({ filter: { name: { prefix } }, sort: [{ field: 'name' }] }), () => ask('prefix', [prefix, `${prefix}~`])]
    },
    'deep page': () => [() => query({ sort: [{ field: 'name' }], cursor: deepCursor }), () => ask('deep', deepKey)],
    count: () => {
      const kind = `kind ${any(kinds)}`
      return [() => get(`count?filter=${encodeURIComponent(JSON.stringify({ kind: { eq: kind } }))}`), () => ask('count', [kind])]
    },
  }
  console.log(`${records} records, ${rounds} rounds; ours / by hand, ms at the median; ratio of speed (1 is as fast)`)
  for (const [name, make] of Object.entries(cases)) {
    const [ours, theirs, ratios]: number[][] = [[], [], []]
    for (let round = -20; round < rounds; round++) {
      const [one, other] = make()
      const order = round % 2 === 0 ? [one, other] : [other, one]
      const times = new Map<unknown, number>()
      const answers = new Map<unknown, Row[]>()
      for (const run of order) {
        const start = performance.now()
        answers.set(run, await run())
        times.set(run, performance.now() - start)
      }
      const [mine, hand] = [answers.get(one)!, answers.get(other)!]
      if (JSON.stringify(mine.map(keyOf)) !== JSON.stringify(hand.map(keyOf))) throw new Error(`${name}: the two answers differ`)
      if (round < 0) continue
      ours!.push(times.get(one)!)
      theirs!.push(times.get(other)!)
      ratios!.push(times.get(other)! / times.get(one)!)
    }
    console.log(
      `${name.padEnd(24)} ${median(ours!).toFixed(2)} / ${median(theirs!).toFixed(2)}   ${median(ratios!).toFixed(2)}   p99 ${quantile(ours!, 0.99).toFixed(1)} / ${quantile(theirs!, 0.99).toFixed(1)}`,
    )
  }
  bare.kill()
} finally {
  await db.end()
  await servers.stop()
}

type Row = { id: string; count?: number; data: { name: string } }
function keyOf({ id, count }: Row) {
  return id ?? count
}

function quantile(values: number[], part: number): number {
  return values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * part))]!
}
function median(values: number[]): number {
  return quantile(values, 0.5)
}

/** The same records for both sides. */
async function fill(workspaceId: string, collectionId: string): Promise<void> {
  const start = Date.now()
  await db.query(
    `create table bench_plain as select hub.uuid_of_time(now() - n * interval '1 ms') as id, 'kind ' || n % ${kinds} as kind,
       'name ' || lpad((n::bigint * 7919 % ${records})::text, 9, '0') collate "C" as name, random() * 1e6 as size, 1 as version, now() as created_at, now() as updated_at
     from generate_series(1, ${records}) n`,
  )
  await db.query('alter table bench_plain add column data jsonb, alter column name type text collate "C"')
  await db.query("update bench_plain set data = jsonb_build_object('name', name, 'kind', kind, 'size', size, 'note', repeat('x', 100))")
  await db.query('alter table bench_plain add primary key (id)')
  for (const columns of ['kind, id', 'kind, size desc, id', 'size, id', 'name, id'])
    await db.query(`create index on bench_plain (${columns})`)
  // As a restored backup would be: the triggers that ask for an audit event are for requests.
  await db.query("set session_replication_role = 'replica'")
  await db.query(
    `insert into instance.vault_record (workspace_id, collection_id, id, data, created_at, updated_at)
     select $1, $2, id, data, created_at, updated_at from bench_plain`,
    [workspaceId, collectionId],
  )
  await db.query('insert into instance.vault_count (workspace_id, collection_id, stripe, records) values ($1, $2, 0, $3)', [
    workspaceId,
    collectionId,
    records,
  ])
  await db.query("set session_replication_role = 'origin'")
  console.log(`filled both with ${records} records in ${((Date.now() - start) / 1000).toFixed(0)} s`)
}
