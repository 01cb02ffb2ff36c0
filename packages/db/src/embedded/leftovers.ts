import { rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StartupError } from '../startup-error.ts'
import { codeOf, readIfPresent } from '../private-file.ts'
import { listServerProcesses } from './process-table.ts'
import type { ServerProcessEntry } from './process-table.ts'

const fastShutdownMs = 10_000
const immediateShutdownMs = 5_000

/** The pid in the first line of postmaster.pid, and whether the server says that it accepts connections. */
export function readPidFile(clusterDir: string): { pid: number; ready: boolean } | undefined {
  const lines = readIfPresent(pidFile(clusterDir))?.split('\n')
  if (!lines?.[0]) return undefined
  return { pid: Number(lines[0]), ready: lines[7]?.startsWith('ready') ?? false }
}

/** The live postmaster of this cluster, if there is one. A pid file alone proves nothing: its pid may be a zombie's or another program's. */
export function findPostmaster(clusterDir: string): ServerProcessEntry | undefined {
  const named = readPidFile(clusterDir)?.pid
  return named === undefined ? undefined : listServerProcesses(clusterDir).find(({ pid }) => pid === named)
}

/**
 * Ends what an earlier server left in this cluster, and removes its pid file. A postmaster is shut down cleanly; children without one
 * have nothing to save and quit. Only the holder of the directory lock may call this.
 */
export async function clearLeftovers(clusterDir: string, report: (line: string) => void) {
  const postmaster = findPostmaster(clusterDir)
  if (postmaster) report(`Stopping the PostgreSQL server that an earlier start left behind (process ${postmaster.pid})`)
  const startedAt = performance.now()
  let lastSignal: NodeJS.Signals | undefined
  for (;;) {
    const processes = listServerProcesses(clusterDir)
    if (processes.length === 0) break
    const signal = chooseSignal(performance.now() - startedAt + (postmaster ? 0 : fastShutdownMs))
    if (signal === undefined) throw stuck(clusterDir, processes)
    const parent = processes.find(({ pid }) => pid === postmaster?.pid)
    const targets = parent && signal !== 'SIGKILL' ? [parent] : processes
    if (signal !== lastSignal || !parent) for (const { pid } of targets) sendSignal(pid, signal)
    lastSignal = signal
    await delay(20)
  }
  // Left alone, PostgreSQL refuses to start when the pid in it is alive, whoever that is.
  rmSync(pidFile(clusterDir), { force: true })
}

function chooseSignal(elapsedMs: number): NodeJS.Signals | undefined {
  if (elapsedMs < fastShutdownMs) return 'SIGINT'
  if (elapsedMs < fastShutdownMs + immediateShutdownMs) return 'SIGQUIT'
  if (elapsedMs < fastShutdownMs + 2 * immediateShutdownMs) return 'SIGKILL'
  return undefined
}

function sendSignal(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH' && codeOf(error) !== 'EPERM') throw error
  }
}

function stuck(clusterDir: string, processes: ServerProcessEntry[]) {
  const pids = processes.map(({ pid }) => pid).join(', ')
  return new StartupError(
    `PostgreSQL processes of an earlier start still use ${clusterDir} and do not end: end them (kill ${pids}) and start again.`,
  )
}

function pidFile(clusterDir: string) {
  return path.join(clusterDir, 'postmaster.pid')
}
