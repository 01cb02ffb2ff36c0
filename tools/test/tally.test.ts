import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import { afterAll, expect, test } from 'vitest'

const program = resolve(import.meta.dirname, '../test.ts')
const folders: string[] = []

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })))
})

test('the last line counts what passed, and the run succeeds', async () => {
  const run = await runFiles({ 'a.test.ts': `test('a', () => {}); test('b', () => {})` })
  expect(run).toEqual({ lastLine: '2 passed, 0 failed', code: 0 })
})

test('one failing case fails the run, and what was left out is said', async () => {
  const run = await runFiles({ 'a.test.ts': `test('a', () => {}); test('b', () => expect(1).toBe(2)); test['skip']('c', () => {})` })
  expect(run).toEqual({ lastLine: '1 passed, 1 failed, 1 skipped', code: 1 })
})

test.each([
  ['a file that cannot be loaded', `import './missing.ts'`, '1 passed, 1 failed'],
  [
    'a broken beforeAll',
    `describe('b', () => { beforeAll(() => { throw new Error('no') }); test('c', () => {}) })`,
    '1 passed, 1 failed, 1 skipped',
  ],
  ['an error that nobody caught', `test('b', async () => { void Promise.reject(new Error('lost')) })`, '2 passed, 1 failed'],
  [
    'a worker that died',
    `test('b', async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}) })`,
    '1 passed, 1 failed',
  ],
])('%s counts as a failure', async (_what, code, lastLine) => {
  const run = await runFiles({ 'a.test.ts': `test('a', () => {})`, 'b.test.ts': code })
  expect(run).toEqual({ lastLine, code: 1 })
})

test('a run without any test fails', async () => {
  expect(await runFiles({ 'a.ts': '' })).toEqual({ lastLine: '0 passed, 1 failed', code: 1 })
})

test('a configuration that cannot be loaded fails the run', async () => {
  const run = await runFiles({ 'vitest.config.ts': `throw new Error('no')`, 'a.test.ts': `test('a', () => {})` })
  expect(run).toEqual({ lastLine: '0 passed, 1 failed', code: 1 })
})

test('a global set-up that fails, fails the run', async () => {
  const config = `export default { test: { globalSetup: ['./set-up.ts'] } }`
  const run = await runFiles({ 'vitest.config.ts': config, 'set-up.ts': `throw new Error('no')`, 'a.test.ts': `test('a', () => {})` })
  expect(run).toEqual({ lastLine: '0 passed, 1 failed', code: 1 })
})

async function runFiles(files: Record<string, string>): Promise<{ lastLine: string; code: number | null }> {
  const root = await mkdtemp(join(tmpdir(), 'freehold-tally-'))
  folders.push(root)
  for (const [path, code] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), `${code}\n`)
  }
  const { promise, resolve: done } = Promise.withResolvers<{ lastLine: string; code: number | null }>()
  const child = spawn(process.execPath, [program, '--root', root, '--globals'], { stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.on('close', (code) => done({ lastLine: output.trimEnd().split('\n').at(-1) ?? '', code }))
  return promise
}
