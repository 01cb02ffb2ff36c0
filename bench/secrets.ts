// Audited reveals and writes of secrets against a plaintext row on the same path: two servers in the production configuration on one
// Postgres, in one of which the verbs keep their values in clear (support/plaintext-secrets.ts).
//   node bench/secrets.ts [--rounds 7] [--ms 3000] [--connections 16]
import { migrate } from '@freehold/db'
import { startCluster } from '@freehold/testing'
import { installJobs } from '@freehold/workflow'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { familyCpu, processCpu } from './support/cpu.ts'
import { createBenchDatabase } from './support/data-set.ts'
import { applyLoad } from './support/load.ts'
import { plaintextTable } from './support/plaintext-table.ts'
import { compare, type Contender, printMeasured } from './support/rounds.ts'
import { call, createWorkspace } from './support/servers.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    ms: { type: 'string', default: '3000' },
    connections: { type: 'string', default: '16' },
  },
})
const connections = Number(flags.connections)
const rounds = { rounds: Number(flags.rounds), ms: Number(flags.ms), warmMs: 3000 }
const secretCount = 500
const valueOf = (turn: number) => `value-${turn}-${'x'.repeat(40)}`

const folder = mkdtempSync(join(tmpdir(), 'freehold-bench-'))
const postgres = await startCluster()
const children: ChildProcess[] = []
try {
  const databaseUrl = await createBenchDatabase(postgres)
  const sealed = await startChild(databaseUrl, [])
  await prepareTable(databaseUrl)
  const plain = await startChild(databaseUrl, ['--import', './bench/support/use-plaintext-secrets.ts'])
  const operatorToken = readFileSync(join(folder, 'operator-token'), 'utf8').trim()
  const workspaceId = await createWorkspace({ urls: [sealed.url], operatorToken, stop: async () => undefined })
  const made = await call(sealed.url, operatorToken, 201, 'POST', `/v1/workspaces/${workspaceId}/api-keys`, {
    name: 'bench',
    role: 'admin',
  })
  const token = String(made['key'])
  const path = (turn: number) => `/v1/workspaces/${workspaceId}/secrets/KEY_${turn % secretCount}`
  for (const { url } of [sealed, plain]) {
    for (let at = 0; at < secretCount; at++) await call(url, token, 200, 'PUT', path(at), { value: valueOf(at) })
    const shown = await call(url, token, 200, 'GET', path(1))
    if (shown['value'] !== valueOf(1)) throw new Error('a value is not what was written')
  }

  const contender = (name: string, server: Started, next: (turn: number) => Buffer, mark: string): Contender => {
    let turn = 0
    const isRight = (answer: Buffer) => answer.toString('latin1', 9, 12) === '200' && answer.includes(mark)
    return {
      name,
      cpu: () => processCpu(server.child.pid!) + familyCpu(postgres.pid),
      run: (ms) => applyLoad({ port: server.port, connections, ms, next: () => next(turn++), isRight }),
    }
  }
  const get = (turn: number) => request('GET', path(turn), token)
  const put = (turn: number) => request('PUT', path(turn), token, JSON.stringify({ value: valueOf(turn) }))
  const reveals = [
    contender('plaintext row, audited read', plain, get, '"value":"value-'),
    contender('Freehold, reveal', sealed, get, '"value":"value-'),
  ]
  printMeasured('Reveal', await compare(reveals, rounds))
  const writes = [
    contender('plaintext row, audited write', plain, put, '"key":"KEY_'),
    contender('Freehold, put of a new value', sealed, put, '"key":"KEY_'),
  ]
  printMeasured('Write', await compare(writes, rounds))
  await proveSealed(databaseUrl)
} finally {
  for (const child of children) if (child.exitCode === null && child.kill('SIGINT')) await once(child, 'exit')
  await postgres.stop()
  rmSync(folder, { recursive: true })
}

type Started = { child: ChildProcess; url: string; port: number }

async function startChild(databaseUrl: string, options: string[]): Promise<Started> {
  const child = spawn(process.execPath, [...options, 'apps/server/src/main.ts', '--port', '0', '--data', folder], {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: databaseUrl },
  })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /running at (http:\S+)/.exec(line)?.[1]
    if (url !== undefined) return { child, url, port: Number(new URL(url).port) }
  }
  throw new Error('the server ended before it listened')
}

async function prepareTable(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl, installJobs)
  await query(databaseUrl, plaintextTable)
}

/** The figures mean nothing if values stand in the database in clear. */
async function proveSealed(databaseUrl: string): Promise<void> {
  const superuserUrl = new URL(postgres.superuserUrl)
  superuserUrl.pathname = new URL(databaseUrl).pathname
  const { rows } = await query(
    String(superuserUrl),
    "select count(*)::int as n from instance.secret_version where position('value-' in encode(sealed, 'escape')) > 0",
  )
  const { rows: all } = await query(String(superuserUrl), 'select count(*)::int as n from instance.secret_version')
  if (rows[0]!['n'] !== 0 || Number(all[0]!['n']) < secretCount) throw new Error('values are not sealed')
}

async function query(connectionString: string, text: string): Promise<{ rows: Record<string, unknown>[] }> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await client.query<Record<string, unknown>>(text)
  } finally {
    await client.end()
  }
}

function request(method: string, path: string, token: string, body = ''): Buffer {
  const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n`
  const ofBody = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
  return Buffer.from(`${head}${ofBody}\r\n${body}`)
}
