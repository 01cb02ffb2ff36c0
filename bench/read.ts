// Authorized reads against bare Fastify + pg on the same Postgres, side by side in one run.
//   node bench/read.ts [--rounds 7] [--ms 3000] [--connections 16]
// The data set (1,000,000 workspaces) is made anew each time, which takes a minute or two.
import { mintToken } from '@freehold/kit'
import { startCluster } from '@freehold/testing'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { familyCpu, processCpu } from './support/cpu.ts'
import { createDataSet, idOf } from './support/data-set.ts'
import { applyLoad } from './support/load.ts'
import { compare, type Contender, printMeasured } from './support/rounds.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    ms: { type: 'string', default: '3000' },
    connections: { type: 'string', default: '16' },
  },
})
const connections = Number(flags.connections)
const rounds = { rounds: Number(flags.rounds), ms: Number(flags.ms), warmMs: 3000 }

const folder = mkdtempSync(join(tmpdir(), 'freehold-bench-'))
const postgres = await startCluster()
const children: ChildProcess[] = []
try {
  const { keys, people, superuserUrl, ownerUrl } = await createDataSet(postgres)
  const bare = await startChild('bench/support/bare-server.ts', [superuserUrl])
  const freehold = await startChild('apps/server/src/main.ts', ['--port', '0', '--data', folder], ownerUrl)
  await proveIsolation(freehold.port, keys)

  const reads = [
    contender('bare Fastify + pg, one row', bare, (turn) => get(`/workspaces/${idOf('workspace', turn % keys.length)}`)),
    contender('Freehold, one workspace by API key', freehold, (turn) =>
      get(`/v1/workspaces/${idOf('workspace', turn % keys.length)}`, keys[turn % keys.length]),
    ),
  ]
  printMeasured('Authorized read', await compare(reads, rounds))

  const lists = [
    contender('bare Fastify + pg, 100 rows', bare, (turn) => get(`/accounts/${idOf('account', turn % 1000)}/workspaces`)),
    contender('Freehold, 100 of what a person sees', freehold, (turn) => get('/v1/workspaces?limit=100', people[turn % people.length])),
  ]
  printMeasured('Authorized list', await compare(lists, rounds))
} finally {
  for (const child of children) {
    if (child.exitCode === null && child.kill('SIGINT')) await once(child, 'exit')
  }
  await postgres.stop()
  rmSync(folder, { recursive: true })
}

type Started = { child: ChildProcess; port: number }

async function startChild(script: string, args: string[], databaseUrl?: string): Promise<Started> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) },
  })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^(\d+)$/.exec(line)?.[1] ?? /running at .*:(\d+)/.exec(line)?.[1]
    if (port !== undefined) return { child, port: Number(port) }
  }
  throw new Error(`${script} ended before it listened`)
}

function contender(name: string, server: Started, next: (turn: number) => Buffer): Contender {
  let turn = 0
  const isRight = (answer: Buffer) => answer.toString('latin1', 9, 12) === '200' && answer.includes('"id":"')
  return {
    name,
    cpu: () => processCpu(server.child.pid!) + familyCpu(postgres.pid),
    run: (ms) => applyLoad({ port: server.port, connections, ms, next: () => next(turn++), isRight }),
  }
}

function get(path: string, token?: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${token === undefined ? '' : `authorization: Bearer ${token}\r\n`}\r\n`)
}

/** The figures mean nothing if the fast path lets strangers in. */
async function proveIsolation(port: number, keys: string[]): Promise<void> {
  const read = (workspace: number, key: string) =>
    fetch(`http://127.0.0.1:${port}/v1/workspaces/${idOf('workspace', workspace)}`, { headers: { authorization: `Bearer ${key}` } })
  const own = await read(1, keys[1]!)
  const foreign = await read(2, keys[1]!)
  const unknown = await read(1, mintToken('fhk').plaintext)
  if (own.status !== 200 || foreign.status !== 404 || unknown.status !== 401) {
    throw new Error(`isolation does not hold: ${own.status} ${foreign.status} ${unknown.status}`)
  }
}
