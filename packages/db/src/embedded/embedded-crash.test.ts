import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startEmbeddedPostgres } from './index.ts'
import { readPidFile } from './leftovers.ts'
import { listServerProcesses } from './process-table.ts'
import { killHost, newDataDir, readProcessState, startHost, whenRefused, whenServing } from './test-fixtures/hosts.ts'
import { findLost, query, startWriteLoad } from './test-fixtures/write-load.ts'

const patience = { timeout: 20_000, interval: 10 }

async function start(dataDir: string, onProgress: (line: string) => void = () => {}) {
  const server = await startEmbeddedPostgres({ dataDir, onProgress })
  onTestFinished(server.stop)
  return server
}

/** A cluster that was shut down, with a pid file that names `pid` as a crash would have left it. */
async function leaveStalePidFile(dataDir: string, namePid: (clusterDir: string) => number | Promise<number>) {
  const server = await start(dataDir)
  const file = path.join(server.clusterDir, 'postmaster.pid')
  const lines = readFileSync(file, 'utf8').split('\n')
  await server.stop()
  const pid = await namePid(server.clusterDir)
  writeFileSync(file, [pid, ...lines.slice(1)].join('\n'), { mode: 0o600 })
  return pid
}

test.each([
  { killed: 'the host alone', alsoServer: false },
  { killed: 'the host and its server at once', alsoServer: true },
])('$killed killed in a write load: the next start has every acknowledged write', async ({ alsoServer }) => {
  const dataDir = newDataDir()
  const host = startHost(dataDir)
  const { url, pid } = await whenServing(host)
  const load = await startWriteLoad(url)
  await vi.waitUntil(() => load.acknowledged.length > 500, patience)
  if (alsoServer) process.kill(pid, 'SIGKILL')
  await killHost(host)

  const server = await start(dataDir)
  await load.stop()
  expect(server.pid).not.toBe(pid)
  expect(server.url).toBe(url)
  expect(await findLost(server.url, load.acknowledged)).toEqual([])
})

test('a server does not outlive its host', async () => {
  const host = startHost(newDataDir())
  const { clusterDir } = await whenServing(host)
  await killHost(host)
  await vi.waitUntil(() => listServerProcesses(clusterDir).length === 0, patience)
  expect(existsSync(path.join(clusterDir, 'postmaster.pid'))).toBe(false)
})

test('the server killed in a write load, five times: it comes back on its port, every acknowledged write is there', async () => {
  const server = await start(newDataDir())
  const load = await startWriteLoad(server.url)
  for (let round = 1; round <= 5; round++) {
    const { pid } = server
    const before = load.acknowledged.length
    await vi.waitUntil(() => load.acknowledged.length > before + 100, patience)
    process.kill(pid, 'SIGKILL')
    await vi.waitUntil(() => server.pid !== pid, patience)
  }
  await load.stop()
  expect(await findLost(server.url, load.acknowledged)).toEqual([])
})

test('a server that can no longer start is given up, and the listeners hear why', async () => {
  const dataDir = newDataDir()
  const server = await start(dataDir)
  const heard: string[] = []
  server.onExit((why) => heard.push(why))
  const configuration = path.join(server.clusterDir, 'postgresql.conf')
  const good = readFileSync(configuration, 'utf8')
  appendFileSync(configuration, 'no_such_setting = 1\n')
  process.kill(server.pid, 'SIGKILL')
  await vi.waitUntil(() => heard.length > 0, patience)
  expect(heard).toEqual([expect.stringMatching(/did not start \(exit code 1\).*postgresql\.conf.*contains errors/)])
  server.onExit((why) => heard.push(why))
  expect(heard[1]).toBe(heard[0])

  await server.stop()
  writeFileSync(configuration, good)
  const next = await start(dataDir)
  expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a pid file that names another program, even one in the cluster directory: the server starts, the program lives', async () => {
  const dataDir = newDataDir()
  const stranger = await leaveStalePidFile(dataDir, async (clusterDir) => {
    // The server's own user: PostgreSQL by itself would refuse to start for as long as it lives.
    const { uid, gid } = statSync(clusterDir)
    const child = spawn('sleep', ['1000'], { cwd: clusterDir, uid, gid })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child, 'spawn')
    return child.pid ?? 0
  })
  const server = await start(dataDir)
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(readProcessState(stranger)).toBe('S')
})

test('a pid file that names a zombie: the server starts', async () => {
  const dataDir = newDataDir()
  const zombie = await leaveStalePidFile(dataDir, async () => {
    // The shell becomes a program that never asks after the child, which must outlive the shell itself.
    const parent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'ignore'] })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [line] = await once(createInterface({ input: parent.stdout }), 'line')
    await vi.waitUntil(() => readProcessState(Number(line)) === 'Z', patience)
    return Number(line)
  })
  const server = await start(dataDir)
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(readProcessState(zombie)).toBe('Z')
})

test('an orphan server (no setpriv here): the next start stops it cleanly and has its writes', async () => {
  const dataDir = newDataDir()
  const host = startHost(dataDir, { path: '/nonexistent' })
  const { url, pid, clusterDir } = await whenServing(host)
  await killHost(host)
  await query(url, 'create table kept as select 7 as n')
  expect(readPidFile(clusterDir)?.pid).toBe(pid)

  const lines: string[] = []
  const server = await start(dataDir, (line) => lines.push(line))
  expect(lines).toContain(`Stopping the PostgreSQL server that an earlier start left behind (process ${pid})`)
  expect(readProcessState(pid)).not.toBe('S')
  expect(server.url).toBe(url)
  expect(await query(server.url, 'select n from kept')).toEqual([{ n: 7 }])
  expect(readFileSync(path.join(dataDir, 'postgres.log'), 'utf8')).not.toContain('not properly shut down')
})

test('a first start killed at any stage: the next one makes the database whole', async () => {
  const dataDir = newDataDir()
  const list = (directory: string) => (existsSync(directory) ? readdirSync(directory) : [])
  const unfinished = () => list(dataDir).filter((name) => name.startsWith('postgres.new-'))
  const inside = () => unfinished().flatMap((name) => (name.endsWith('.password') ? [] : list(path.join(dataDir, name))))
  const stages = {
    'the directory is made': () => unfinished().length > 0,
    'initdb writes': () => inside().includes('base'),
    'the roles are made': () => inside().includes('PG_VERSION') && !unfinished().some((name) => name.endsWith('.password')),
    'the cluster is in its place': () => list(dataDir).includes('postgres'),
  }
  const killedAt: string[] = []
  for (const [stage, reached] of Object.entries(stages)) {
    const host = startHost(dataDir)
    await vi.waitUntil(reached, { timeout: 20_000, interval: 1 })
    await killHost(host)
    killedAt.push(list(dataDir).includes('postgres') ? 'the cluster is in its place' : stage)
  }
  expect(killedAt).toEqual(Object.keys(stages))
  const server = await start(dataDir)
  await query(server.url, 'create table t (n int)')
  expect(unfinished()).toEqual([])
})

test('a second host on the directory is refused with the pid of the first; a recycled pid in its file hinders nobody', async () => {
  const dataDir = newDataDir()
  const first = startHost(dataDir)
  await whenServing(first)
  expect(await whenRefused(startHost(dataDir))).toContain(`is in use by another server (process ${first.child.pid})`)
  await killHost(first)

  writeFileSync(path.join(dataDir, 'postgres.host'), `${process.pid} elsewhere\n`)
  await whenServing(startHost(dataDir))
})

test('of many hosts that start at once on one directory exactly one serves', async () => {
  const dataDir = newDataDir()
  const hosts = Array.from({ length: 4 }, () => startHost(dataDir))
  const said = await Promise.all(hosts.map((host) => host.said))
  expect(said.filter((one) => one.refused === undefined)).toHaveLength(1)
  expect(said.filter((one) => one.refused === 'StartupError')).toHaveLength(3)
})
