import pg from 'pg'
import { readFileSync } from 'node:fs'
const user = process.argv[2]!
const c = new pg.Client({ host: '127.0.0.1', port: 5499, user, database: 'perf', pipeline: true, options: '-c default_transaction_isolation=repeatable\\ read' } as any); await c.connect()
const pid = (await c.query('select pg_backend_pid() p')).rows[0].p
const cpu = () => { const s = readFileSync(`/proc/${pid}/stat`, 'latin1'); const f = s.slice(s.lastIndexOf(')') + 2).split(' '); return (+f[11] + +f[12]) * 1e4 }
const w = (await c.query("select md5('w5')::uuid::text w")).rows[0].w
const g = (await c.query("select '{'||md5('g1')::uuid||','||md5('g2')::uuid||','||md5('g3')::uuid||'}' g")).rows[0].g
const cols = 'id, account_id, name, slug, description, status, status_reason, region, tenancy_model, settings, created_at, updated_at'
const tests: [string, string, unknown[]][] = [
  ['select 1', 'select 1', []],
  ['one row', `select ${cols} from hub.workspace where id = $1`, [w]],
  ['set1', "select set_config('app.workspace_id', $1, true)", [w]],
  ['set3', "select set_config('app.workspace_id', $1, true), set_config('app.account_id', $1, true), set_config('app.principal_id', $1, true)", [w]],
  ['gates sum', "select case when $2::numeric is null or (select sum(epoch) from hub.gate where id = any ($1::uuid[])) = $2 then null else hub.refuse_moved() end", [g, '3']],
  ['scalar3', "select case when coalesce((select epoch from hub.gate where id = $1::uuid), 0) + coalesce((select epoch from hub.gate where id = $2::uuid), 0) + coalesce((select epoch from hub.gate where id = $3::uuid), 0) = $4::bigint then null else hub.refuse_moved() end", [...g.slice(1,-1).split(','), '3']],
  ['scalar4null', "select case when coalesce((select epoch from hub.gate where id = $1::uuid), 0) + coalesce((select epoch from hub.gate where id = $2::uuid), 0) + coalesce((select epoch from hub.gate where id = $3::uuid), 0) + coalesce((select epoch from hub.gate where id = $5::uuid), 0) = $4::bigint then null else hub.refuse_moved() end", [...g.slice(1,-1).split(','), '3', null]],
  ['or3', "select case when (select sum(epoch) from hub.gate where id in ($1::uuid, $2::uuid, $3::uuid)) = $4::numeric then null else hub.refuse_moved() end", [...g.slice(1,-1).split(','), '3']],
  ['generic any', "select case when (select sum(epoch) from hub.gate where id = any ((select $1::uuid[])::uuid[])) = $2::numeric then null else hub.refuse_moved() end", [g, '3']],
  ['gates count', "select case when (select count(*) from hub.gate where id = any ($1::uuid[]) and epoch = any($2::bigint[])) = 3 then null else hub.refuse_moved() end", [g, '{1,1,1}']],
  ['enter', readFileSync('packages/db/src/scope.ts', 'utf8').match(/enterText = `([^`]+)`/)![1]!, [w, w, w, g, '3', null]],
  ['set+one cte', `with s as materialized (select set_config('app.workspace_id', $1::text, true)) select ${cols} from hub.workspace, s where id = $1::uuid`, [w]],
]
for (let round = 0; round < 2; round++) for (const [name, text, values] of tests) {
  const q = { name: 'n' + name, text, values, rowMode: 'array' as const }
  await c.query(q)
  const N = 20000; const a = cpu()
  for (let i = 0; i < N; i += 100) await Promise.all(Array.from({ length: 100 }, () => c.query(q)))
  console.log(name.padEnd(14), ((cpu() - a) / N).toFixed(1), 'µs')
}
await c.end()
