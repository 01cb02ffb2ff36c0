import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@freehold/db'
import pg from 'pg'
import type { TestCluster } from './test-database.ts'

export type RunningCluster = TestCluster & { pid: number; stop(): void | Promise<void> }

const debianBinaries = '/usr/lib/postgresql/15/bin'

/** Debian's PostgreSQL 15 where it is installed, since it is the oldest version that Freehold serves; else the embedded one. */
export function startCluster(): Promise<RunningCluster> {
  return hasPostgres15() ? startPostgres15() : startEmbedded()
}

/** Whether Debian's PostgreSQL 15 is on this machine. */
function hasPostgres15(): boolean {
  return existsSync(join(debianBinaries, 'postgres'))
}

/**
 * A throw-away PostgreSQL of Debian's, the oldest version that Freehold serves: fast, not durable, on a free port. It
 * has a superuser `postgres` and an unprivileged owner with CREATEROLE, as an operator would set it up.
 */
export async function startPostgres15(): Promise<RunningCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'freehold-test-pg-'))
  const asPostgres = process.getuid?.() === 0 ? userIds('postgres') : undefined
  if (asPostgres) chownSync(folder, asPostgres.uid, asPostgres.gid)
  const cluster = join(folder, 'cluster')
  const port = await freePort()
  const run = (program: string, args: string[]) => {
    const { status, stderr, stdout } = spawnSync(join(debianBinaries, program), args, {
      encoding: 'utf8',
      cwd: folder,
      ...asPostgres,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (status !== 0) throw new Error(`${program} failed: ${stderr}${stdout}`)
  }
  run('initdb', ['-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'])
  const settings = [
    'listen_addresses=127.0.0.1',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=300',
    'shared_buffers=128MB',
  ]
  const options = [`-p ${port} -k '${folder}'`, ...settings.map((setting) => `-c ${setting}`)].join(' ')
  run('pg_ctl', ['-D', cluster, '-w', '-l', join(folder, 'log'), '-o', options, 'start'])

  const superuserUrl = `postgres://postgres@127.0.0.1:${port}/postgres`
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  await client.query("create role freehold_owner login createrole createdb password 'owner'")
  await client.end()
  return {
    pid: Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]),
    superuserUrl,
    ownerUrl: `postgres://freehold_owner:owner@127.0.0.1:${port}/postgres`,
    stop() {
      run('pg_ctl', ['-D', cluster, '-m', 'immediate', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function userIds(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

async function startEmbedded(): Promise<RunningCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'freehold-test-pg-'))
  const postgres = await startEmbeddedPostgres({ dataDir: folder, durable: false })
  const { superuser } = JSON.parse(readFileSync(join(folder, 'postgres-passwords.json'), 'utf8')) as { superuser: string }
  const superuserUrl = new URL(postgres.url)
  superuserUrl.username = 'postgres'
  superuserUrl.password = superuser
  superuserUrl.pathname = '/postgres'
  return {
    pid: postgres.pid,
    superuserUrl: superuserUrl.href,
    ownerUrl: postgres.url,
    async stop() {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
