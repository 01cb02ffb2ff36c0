import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess, StdioOptions } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { StartupError } from '../startup-error.ts'
import type { ServerUser } from './unprivileged-user.ts'

/** Root that is not allowed to act for other users, as in a container without the capability. */
export class CannotBecomeUser extends StartupError {
  constructor(user: ServerUser, cause: unknown) {
    super(
      `PostgreSQL does not run as root, and this process may not become ${user.name}: start as an ordinary user, or set DATABASE_URL.`,
      { cause },
    )
  }
}

export type Exit = { code: number | null; signal: NodeJS.Signals | null }

const unrunnable = 'its programs do not run on this system (they need glibc, or are incomplete: run npm ci), or set DATABASE_URL'

let parentDeathSignal: boolean | undefined

// True where a child can be told to shut down when we die, however we die (util-linux' setpriv).
function hasParentDeathSignal() {
  parentDeathSignal ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'INT', '--', 'true']).status === 0
  return parentDeathSignal
}

/**
 * Starts a program of PostgreSQL as the given user. Its environment is only what is passed here: ours may hold
 * keys that another user has no business reading. In a session of its own, so that Ctrl-C reaches us first.
 */
export function spawnAsUser(
  command: string,
  args: string[],
  options: { user: ServerUser; environment: Record<string, string>; stdio: StdioOptions },
) {
  const dying = hasParentDeathSignal()
  return spawn(dying ? 'setpriv' : command, dying ? ['--pdeathsig', 'INT', '--', command, ...args] : args, {
    ...options.user.credentials,
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...options.environment },
    stdio: options.stdio,
    detached: true,
  })
}

/** How the process ends. Rejects with StartupError when it could not be started at all. */
export function waitForExit(child: ChildProcess, user: ServerUser): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(explainSpawnError(error, user)))
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}

/** Runs a program to its end with `input` on its standard input; `output` is what it wrote, both streams. */
export async function runAsUser(
  command: string,
  args: string[],
  options: { user: ServerUser; environment: Record<string, string>; input?: string },
): Promise<Exit & { output: string }> {
  const child = spawnAsUser(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
  const exit = waitForExit(child, options.user)
  child.stdin?.on('error', () => {}) // it ended early; its exit code and output tell why
  child.stdin?.end(options.input ?? '')
  const outputs = [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : ''))
  const [ended, ...texts] = await Promise.all([exit, ...outputs])
  return { ...ended, output: texts.join('') }
}

/** One line for the operator from what a program of PostgreSQL wrote before it failed. */
export function explainFailure(output: string, place: string): string {
  if (isDiskFull(output)) return explainDiskFull(place)
  if (output.includes('setpriv: failed to execute')) return unrunnable
  const lines = output.split('\n').filter((line) => line.trim())
  return lines.findLast((line) => /\b(FATAL|PANIC|error|ERROR|fatal):/.test(line))?.trim() ?? lines.at(-1)?.trim() ?? 'it said nothing'
}

export function explainDiskFull(place: string) {
  return `the disk that holds ${place} is full: free some space and start again`
}

export function isDiskFull(output: string) {
  return /No space left on device|Disk quota exceeded/.test(output)
}

function explainSpawnError(error: NodeJS.ErrnoException, user: ServerUser) {
  if (error.code === 'EPERM' || error.code === 'EINVAL') return new CannotBecomeUser(user, error)
  return new StartupError(`The embedded PostgreSQL cannot be started: ${error.code === 'ENOENT' ? unrunnable : error.message}.`, {
    cause: error,
  })
}
