import Fastify from 'fastify'
import pg from 'pg'

// What the read path is measured against: Fastify, a pool and one prepared select, with no credential, no permission
// and no tenant isolation. Its user is a superuser, so row-level security does not apply.
const [url = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: url, max: 8 })
const columns = 'id, account_id, name, slug, description, status, status_reason, region, tenancy_model, settings, created_at, updated_at'

const app = Fastify()
app.get<{ Params: { id: string } }>('/workspaces/:id', async (request) => {
  const { rows } = await pool.query({
    name: 'one',
    text: `select ${columns} from hub.workspace where id = $1`,
    values: [request.params.id],
  })
  return rows[0] as unknown
})
app.get<{ Params: { id: string } }>('/accounts/:id/workspaces', async (request) => {
  const text =
    'select id, account_id, name, slug, status, region, tenancy_model, created_at from hub.workspace where account_id = $1 order by id desc limit 100'
  const { rows } = await pool.query({ name: 'list', text, values: [request.params.id] })
  return rows as unknown[]
})
const address = await app.listen({ port: 0, host: '127.0.0.1' })
process.stdout.write(`${new URL(address).port}\n`)
