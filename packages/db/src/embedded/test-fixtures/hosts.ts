import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { onTestFinished, vi } from 'vitest'
import { listServerProcesses } from '../process-table.ts'
import { readState } from '../state.ts'

export const isRoot = process.getuid?.() === 0
/** Any ordinary user with an entry in /etc/passwd. */
export const nobody = { uid: 65534, gid: 65534 }

export type Host = { child: ChildProcess; said: Promise<Said>; progress: Promise<string> }
type Said = { url: string; clusterDir: string; pid: number; refused?: undefined } | { refused: string; message: string }

type HostOptions = { uid?: number; gid?: number; path?: string }

/** A data directory that does not exist yet, in a parent of the given mode. Whatever was made for it goes with the test. */
export function newDataDir(mode = 0o755) {
  const parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'freehold-postgres-')))
  chmodSync(parent, mode)
  const dataDir = path.join(parent, 'data')
  onTestFinished(async () => {
    const { cluster = 'postgres' } = existsSync(dataDir) ? readState(dataDir) : {}
    const clusterDir = path.resolve(dataDir, cluster)
    // A server whose host was killed is still writing its last checkpoint.
    await vi.waitUntil(() => listServerProcesses(clusterDir).length === 0, { timeout: 20_000, interval: 10 })
    rmSync(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    if (path.isAbsolute(cluster)) removeOutside(path.dirname(clusterDir))
  })
  return dataDir
}

function removeOutside(home: string) {
  rmSync(home, { recursive: true, force: true })
  if (readdirSync(path.dirname(home)).length === 0) rmdirSync(path.dirname(home))
}

/** A process that runs host.ts on the directory. It is killed with the test at the latest, and its server with it. */
export function startHost(dataDir: string, options: HostOptions = {}): Host {
  const { path: searchPath, ...credentials } = options
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'host.ts'), dataDir], {
    ...credentials,
    env: { PATH: searchPath ?? process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => endHost({ child }))
  const said = readFirstLine(child)
  said.catch(() => {}) // of interest only to who awaits it: a host may be killed before its first word
  return { child, said, progress: child.stderr ? text(child.stderr) : Promise.resolve('') }
}

/** The host's first line when it started; fails the test when it was refused. */
export async function whenServing(host: Host) {
  const said = await host.said
  if (said.refused !== undefined) throw new Error(said.message)
  return said
}

/** The message with which the host refused to start; fails the test when it did start. */
export async function whenRefused(host: Host) {
  const said = await host.said
  if (said.refused !== 'StartupError') throw new Error(`expected a StartupError, got ${JSON.stringify(said)}`)
  return said.message
}

export async function killHost({ child }: Pick<Host, 'child'>) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** `Z` for a zombie, undefined when there is no such process. */
export function readProcessState(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2)[0]
  } catch {
    return undefined
  }
}

async function endHost({ child }: Pick<Host, 'child'>) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

async function readFirstLine(child: ChildProcess): Promise<Said> {
  if (child.stdout) for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line)
  throw new Error('the host ended without a word')
}
