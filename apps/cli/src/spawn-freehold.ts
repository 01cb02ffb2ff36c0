import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const bin = join(import.meta.dirname, '../bin/freehold.mjs')
/** Shared by all homes: compiling anew in each of them would be most of a test's time. */
const cache = join(import.meta.dirname, '../../../node_modules/.cache')
/** What makes a Node.js say that it is an old one. */
const pretendOld = `data:text/javascript,${encodeURIComponent("Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } })")}`
export type Ended = { code: number | null; stdout: string; stderr: string }

/** Runs the real program, in a home and a directory of its own, for tests. */
export async function createHome() {
  const directory = await mkdtemp(join(tmpdir(), 'freehold-cli-'))
  const freehold = (args: readonly string[], options: { env?: Record<string, string>; input?: string; oldNode?: boolean } = {}) =>
    new Promise<Ended>((resolve, reject) => {
      const env = { PATH: process.env.PATH, HOME: directory, XDG_CACHE_HOME: cache, ...options.env }
      const child = spawn(process.execPath, [...(options.oldNode ? ['--import', pretendOld] : []), bin, ...args], { cwd: directory, env })
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, stdout, stderr }))
      child.stdin.on('error', () => undefined).end(options.input ?? '')
    })
  return { directory, freehold, remove: () => rm(directory, { recursive: true, force: true }) }
}
