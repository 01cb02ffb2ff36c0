import Fastify from 'fastify'
import pg from 'pg'

// What the Data Vault is measured against: Fastify, a pool and prepared statements on a table made for exactly these queries, with no
// credential, no permission, no schema and no tenant isolation.
const [url = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: url, max: 8 })
const row = 'id, data, created_at, updated_at, version'
const statements: Record<string, string> = {
  get: `select ${row} from bench_plain where id = $1`,
  equality: `select ${row} from bench_plain where kind = $1 order by id desc limit 100`,
  sorted: `select ${row} from bench_plain where kind = $1 order by size desc, id limit 100`,
  range: `select ${row} from bench_plain where size >= $1 and size < $2 order by size, id limit 100`,
  prefix: `select ${row} from bench_plain where name >= $1 and name < $2 order by name, id limit 100`,
  deep: `select ${row} from bench_plain where (name, id) > ($1, $2::uuid) order by name, id limit 100`,
  count: 'select count(*)::integer as count from bench_plain where kind = $1',
}

const app = Fastify()
app.post<{ Params: { name: string }; Body: unknown[] }>('/:name', async ({ params, body }) => {
  const { rows } = await pool.query({ name: params.name, text: statements[params.name]!, values: body })
  return rows as unknown[]
})
const address = await app.listen({ port: 0, host: '127.0.0.1' })
process.stdout.write(`${new URL(address).port}\n`)
