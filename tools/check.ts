// `npm run check`: format, lint, types, dead code and lock files, side by side. Prints a line for each and the problems of those that failed.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'

import { findLockFileFaults } from './check/lock-files.ts'

type Outcome = { name: string; problems: string; seconds: number }

const root = resolve(import.meta.dirname, '..')
const maxLines = 100

const checks: Record<string, () => Promise<string>> = {
  format: () => run('oxfmt', ['--list-different', '.'], 'Not formatted (mend with `npm run format`):'),
  lint: () => run('oxlint', ['--format=unix']),
  types: () => run('tsc', ['-p', 'tsconfig.json', '--noEmit', '--pretty', 'false']),
  ...(existsSync(join(root, 'apps/portal/tsconfig.json')) && {
    'portal types': () => run('tsc', ['-p', 'apps/portal/tsconfig.json', '--noEmit', '--pretty', 'false']),
  }),
  'dead code': () => run('knip', ['--no-progress', '--no-config-hints', '--reporter', 'compact']),
  'lock files': () => findLockFileFaults(root),
}

/** Runs an installed program on this Node.js. @returns what it said if it failed, '' if all is well. */
function run(name: string, args: string[], heading = ''): Promise<string> {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter)
  const child = spawn(process.execPath, [realpathSync(join(root, 'node_modules/.bin', name)), ...args], {
    cwd: root,
    env: { ...process.env, PATH: path, NO_COLOR: '1', FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))

  const { promise, resolve: done, reject } = Promise.withResolvers<string>()
  child.on('error', reject)
  child.on('close', (code, signal) => {
    const said = [heading, output.trim()].filter(Boolean).join('\n')
    done(code === 0 ? '' : said || `${name} ended with ${signal ?? code} and no word.`)
  })
  return promise
}

async function runCheck([name, check]: [string, () => Promise<string>]): Promise<Outcome> {
  const startedAt = performance.now()
  const problems = await check()
  return { name, problems, seconds: (performance.now() - startedAt) / 1000 }
}

function shorten(text: string): string {
  const lines = text.split('\n')
  const left = lines.length - maxLines
  return left > 0 ? [...lines.slice(0, maxLines), `… and ${left} lines more`].join('\n') : text
}

const outcomes = await Promise.all(Object.entries(checks).map(runCheck))
const failed = outcomes.filter((outcome) => outcome.problems !== '')

for (const { name, problems } of failed) console.log(`── ${name}\n${shorten(problems)}\n`)
for (const { name, problems, seconds } of outcomes) console.log(`${problems ? '✗' : '✓'} ${name.padEnd(13)}${seconds.toFixed(1)} s`)
console.log(failed.length > 0 ? `check failed: ${failed.map(({ name }) => name).join(', ')}` : 'check passed')
process.exitCode = failed.length > 0 ? 1 : 0
