import { spawn } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** A failure whose message is all that its reader needs. */
export class SetupError extends Error {}

/** Progress goes to stderr: stdout belongs to what runs after the setup. */
export function printLine(text) {
  process.stderr.write(`${text}\n`)
}

/** PATH without the project's own links: npm and its children run on the machine's Node.js, not on the one that they are about to replace. */
export function pathOutsideProject() {
  const entries = (process.env.PATH || '').split(':')
  return entries.filter((entry) => !entry.startsWith(`${root}/`)).join(':')
}

/**
 * Runs a program to its end.
 * @returns {Promise<{ code: number, output: string }>} `output` holds stdout, and stderr too unless `stderr` is 'inherit'.
 */
export function runProgram(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: options.cwd || root,
      env: { ...process.env, PATH: pathOutsideProject(), ...options.env },
      stdio: ['ignore', 'pipe', options.stderr || 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) stream.setEncoding('utf8').on('data', (text) => (output += text))
    }
    child.on('error', fail)
    child.on('close', (code) => done({ code: code === null ? 1 : code, output }))
  })
}

/** Runs a slow step between a line that announces it and one that says how long it took. */
export async function withProgress(announcement, work) {
  const startedAt = Date.now()
  printLine(`${announcement}…`)
  await work()
  printLine(`  done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}
