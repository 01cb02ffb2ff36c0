import type { ChildProcess } from 'node:child_process'
import { statfsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StartupError } from '../startup-error.ts'
import type { Binaries } from './binaries.ts'
import { clearLeftovers, readPidFile } from './leftovers.ts'
import type { LogFile } from './log-file.ts'
import { explainDiskFull, explainFailure, isDiskFull, spawnAsUser, waitForExit } from './run-as-user.ts'
import type { Exit } from './run-as-user.ts'
import type { ServerUser } from './unprivileged-user.ts'

export type ServerSettings = { binaries: Binaries; user: ServerUser; clusterDir: string; port: number; log: LogFile; durable: boolean }

/** A postmaster that is our child. `exited` settles once, however it ends. */
export type RunningServer = { pid: number; exited: Promise<Exit>; kill(signal: NodeJS.Signals): void }

/** A server that ended before it was ready. The disk may be freed and the port may be left again: those are worth another try. */
export class ServerStartError extends StartupError {
  readonly reason: 'disk_full' | 'port_taken' | 'other'
  constructor(message: string, reason: ServerStartError['reason']) {
    super(message)
    this.reason = reason
  }
}

type StartOptions = { report: (line: string) => void; signal: AbortSignal }

/** Starts the postmaster and waits until it accepts connections, recovery after a crash included. `signal` shuts it down meanwhile. */
export async function startServer(settings: ServerSettings, { report, signal }: StartOptions): Promise<RunningServer> {
  await clearLeftovers(settings.clusterDir, report)
  settings.log.trim()
  const logOffset = settings.log.sizeBytes()
  const child = spawnServer(settings)
  const exited = waitForExit(child, settings.user)
  const abandon = () => child.kill('SIGINT')
  signal.addEventListener('abort', abandon)
  const ready = new AbortController()
  try {
    const exit = await Promise.race([exited, waitUntilReady(child, settings, { report, signal: ready.signal })])
    if (exit) throw explainEnd(settings, settings.log.readFrom(logOffset), exit)
  } finally {
    ready.abort()
    signal.removeEventListener('abort', abandon)
  }
  return { pid: child.pid ?? 0, exited, kill: (name) => child.kill(name) }
}

function spawnServer({ binaries, user, clusterDir, port, log, durable }: ServerSettings) {
  const configuration = {
    listen_addresses: '127.0.0.1',
    max_connections: 100,
    shared_buffers: '128MB',
    log_line_prefix: '%m [%p] %q%u@%d ',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return spawnAsUser(
    path.join(binaries.directory, 'bin/postgres'),
    [
      '-D',
      clusterDir,
      '-p',
      String(port),
      '-k',
      '',
      ...Object.entries(configuration).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { user, environment: binaries.environment, stdio: ['ignore', log.descriptor, log.descriptor] },
  )
}

async function waitUntilReady(child: ChildProcess, { clusterDir }: ServerSettings, { report, signal }: StartOptions) {
  const startedAt = performance.now()
  let reported = false
  while (!signal.aborted) {
    const state = readPidFile(clusterDir)
    if (state?.ready && state.pid === child.pid) return
    if (!reported && performance.now() - startedAt > 3_000) {
      report('PostgreSQL is still starting: it is recovering what was written before it was killed')
      reported = true
    }
    await delay(10)
  }
}

function explainEnd({ log, clusterDir, port }: ServerSettings, output: string, exit: Exit) {
  const reason = isDiskFull(output) || hasNoSpace(clusterDir) ? 'disk_full' : /Address already in use/.test(output) ? 'port_taken' : 'other'
  const whys = {
    disk_full: explainDiskFull(clusterDir),
    port_taken: `port ${port} on 127.0.0.1 is in use`,
    other: explainFailure(output, clusterDir),
  }
  return new ServerStartError(
    `The embedded PostgreSQL did not start (${exit.signal ?? `exit code ${exit.code}`}): ${whys[reason]}. Its log is ${log.path}`,
    reason,
  )
}

// A full disk may hold the log too, which then says nothing. Recovery needs at least one segment of 16 MiB.
function hasNoSpace(clusterDir: string) {
  const { bavail, bsize } = statfsSync(clusterDir)
  return bavail * bsize < 16 * 1024 * 1024
}
