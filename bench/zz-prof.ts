import { startPostgres15 } from '@freehold/testing'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { familyCpu, processCpu } from './support/cpu.ts'
import { applyLoad } from './support/load.ts'
import pg from 'pg'
const p = await startPostgres15()
const c = new pg.Client({ connectionString: p.ownerUrl }); await c.connect(); await c.query('create database prof'); await c.end()
const dir = mkdtempSync('/tmp/prof/d')
const prof = process.argv.includes('--prof') ? ['--cpu-prof', '--cpu-prof-dir=/tmp/prof/out'] : []
const start = async (args: string[], url: string) => { const child = spawn(process.execPath, [...prof, ...args], { env: { ...process.env, DATABASE_URL: url }, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const l of createInterface({ input: child.stdout! })) { const m = /running at .*:(\d+)/.exec(l)?.[1] ?? /^(\d+)$/.exec(l)?.[1]; if (m) return { child, port: +m } } throw new Error('x') }
const url = p.ownerUrl.replace('/postgres', '/prof').replace(/postgres$/, 'prof')
const s = await start(['apps/server/src/main.ts', '--port', '0', '--data', dir], url)
const bare = await start(['bench/support/bare-server.ts', p.superuserUrl.replace(/\/postgres$/, '/prof')], url)
const t = readFileSync(dir + '/operator-token', 'utf8').trim()
const api = async (m: string, path: string, body?: unknown) => { const r = await fetch(`http://127.0.0.1:${s.port}${path}`, { method: m, headers: { authorization: `Bearer ${t}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) }); return r.json() as any }
const [acc] = await api('GET', '/v1/accounts')
let w: any
for (let i = 0; i < 100; i++) w = await api('POST', '/v1/workspaces', { account_id: acc.id, name: 'W' + i, region: 'local' })
await new Promise((r) => setTimeout(r, 4000))
const k = await api('POST', `/v1/workspaces/${w.workspace_id}/api-keys`, { name: 'k' })
const run = async (name: string, st: any, path: string, token?: string) => {
  const req = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: x\r\n${token ? `authorization: Bearer ${token}\r\n` : ''}\r\n`)
  const go = (ms: number) => applyLoad({ port: st.port, connections: 16, ms, next: () => req, isRight: (b) => b.toString('latin1', 9, 12) === '200' })
  await go(1500)
  const a = processCpu(st.child.pid), b = familyCpu(p.pid)
  const r = await go(3000)
  console.log(name.padEnd(20), (r.requests / r.seconds).toFixed(0) + '/s', 'node', ((processCpu(st.child.pid) - a) / r.requests).toFixed(0), 'pg', ((familyCpu(p.pid) - b) / r.requests).toFixed(0), 'wrong', r.wrong, 'p99', r.p99Ms.toFixed(1))
}
if (process.argv.includes('--one')) { for (let i = 0; i < 5; i++) await run('fh one', s, `/v1/workspaces/${w.workspace_id}`, k.key) } else for (let i = 0; i < 2; i++) {
await run('bare one', bare, `/workspaces/${w.workspace_id}`)
await run('fh one', s, `/v1/workspaces/${w.workspace_id}`, k.key)
await run('bare list', bare, `/accounts/${acc.id}/workspaces`)
await run('fh list', s, `/v1/workspaces?limit=100`, t)
await run('fh health', s, `/healthz`, t)
await run('fh me', s, `/v1/me`, t)
}
s.child.kill('SIGINT'); bare.child.kill('SIGINT'); await new Promise((r) => setTimeout(r, 1500)); p.stop(); process.exit(0)
