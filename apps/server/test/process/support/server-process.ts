import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { type Answer, request, type RequestOptions } from '../../support/request.ts'
import { waitFor } from '../../support/wait-for.ts'

const root = path.resolve(import.meta.dirname, '../../../../..')

export type ProcessOptions = { dataDir: string; args?: string[]; env?: Record<string, string>; uid?: number; gid?: number }
export type Exit = { code: number | null; signal: NodeJS.Signals | null; lines: string[]; errors: string }
export type ServerProcess = {
  pid: number
  url: string
  /** What it has printed so far. */
  lines: string[]
  exited: Promise<Exit>
  send(signal: NodeJS.Signals): void
  /** Stops reading what it prints, as `npm start | head` does. */
  stopReading(): void
  /** Ends it at once, as a crash would, and waits until it is gone. */
  kill(): Promise<void>
  call(method: string, path: string, options?: RequestOptions): Promise<Answer>
}

/** A data directory that does not exist yet, which any user can reach. It goes with the test. */
export function newDataDir(): string {
  const parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'freehold-process-')))
  chmodSync(parent, 0o711)
  const dataDir = path.join(parent, 'data')
  onTestFinished(async () => {
    // A server whose host was killed is still writing its last checkpoint.
    await waitFor(
      async () => isRunning(postmasterOf(dataDir)),
      (running) => !running,
    )
    rmSync(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  })
  return dataDir
}

/** Starts the server as `npm start` does and answers once it has said what it says at a start. Throws what it printed when it ends instead. */
export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  const { child, lines, exited } = launch(options)
  const url = await Promise.race([
    waitFor(
      async () => lines.find((line) => line.includes(' is running at '))?.split(' is running at ')[1],
      (found) => found !== undefined,
    ),
    exited.then(({ code, errors }): string => {
      throw new Error(`the server ended with ${code}: ${errors}`)
    }),
  ])
  return {
    pid: child.pid!,
    url: url!,
    lines,
    exited,
    send: (signal) => void child.kill(signal),
    stopReading: () => void child.stdout?.destroy(),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    call: (method, to, settings) => request(url!, method, to, settings),
  }
}

/** Runs a server that is expected to end by itself. */
export function runToEnd(options: ProcessOptions): Promise<Exit> {
  return launch(options).exited
}

function launch({ dataDir, args = ['--port', '0'], env = {}, ...credentials }: ProcessOptions) {
  const child: ChildProcess = spawn(process.execPath, ['apps/server/src/main.ts', '--data', dataDir, ...args], {
    ...credentials,
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  let errors = ''
  createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const exited = once(child, 'close').then(([code, signal]): Exit => ({ code, signal, lines, errors }))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { child, lines, exited }
}

export function operatorToken(dataDir: string): string {
  return readFileSync(path.join(dataDir, 'operator-token'), 'utf8').trim()
}

/** The embedded Postgres' process id, as it notes it itself; undefined when none has been started or it has ended cleanly. */
export function postmasterOf(dataDir: string): number | undefined {
  const file = path.join(dataDir, 'postgres', 'postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined
}

export function isRunning(pid: number | undefined): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z'
  } catch {
    return false
  }
}
