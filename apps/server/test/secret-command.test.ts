import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor, TestWorkspace } from './support/actors.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

// Shared by all homes: compiling anew would be most of a test's time, and would be found among what a command wrote.
const cache = new URL('../../../node_modules/.cache', import.meta.url).pathname
const main = new URL('../../cli/src/main.ts', import.meta.url).pathname

let server: TestServer
let workspace: TestWorkspace
let directory: string
beforeAll(async () => {
  server = await startTestServer()
  workspace = await server.workspace()
  directory = mkdtempSync(join(tmpdir(), 'freehold-cli-'))
})
afterAll(async () => {
  rmSync(directory, { recursive: true })
  await server.close()
})

type Ended = { code: number | null; signal: string | null; stdout: string; stderr: string }
type Options = {
  input?: string
  as?: Actor
  env?: Record<string, string>
  onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void
}

/** Runs the program in a directory of its own. */
function freehold(words: readonly string[], { input = '', as = workspace.owner, env, onOutput }: Options = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const known = {
      PATH: process.env['PATH'],
      HOME: directory,
      XDG_CACHE_HOME: cache,
      FREEHOLD_URL: server.url,
      FREEHOLD_TOKEN: as.token,
      ...env,
    }
    const child = spawn(process.execPath, [main, ...words], { env: known, cwd: directory })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      onOutput?.(text, (signal) => child.kill(signal))
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
    child.stdin.on('error', () => undefined).end(input)
  })
}
const secret = (words: string, options?: Options) => freehold(['secret', ...words.replace('W', workspace.slug).split(' ')], options)

test('GF-18 a secret is set from input and file, listed, read to the byte, rolled back and deleted', async () => {
  expect(await secret('set W API_TOKEN --env staging --description why', { input: 'first\n' })).toMatchObject({
    code: 0,
    stdout: 'API_TOKEN of staging is at version 1.\n',
  })
  const text = 'line one\nline "two" \u001b[31m\n\n'
  writeFileSync(join(directory, 'value'), text)
  expect((await secret('set W API_TOKEN --env staging --value-file value --keep-previous 1h --rotate-every 90')).code).toBe(0)
  expect(await secret('get W API_TOKEN --env staging')).toMatchObject({
    code: 0,
    stdout: text,
    stderr: expect.stringContaining('The value before is valid until'),
  })
  expect((await secret('set W API_TOKEN --env staging --keep-value --category integration')).stdout).toContain('version 2')
  const listed = (await secret('list W --env staging')).stdout
  expect(listed).toMatch(/API_TOKEN\s+staging\s+integration\s+2/)
  expect(listed).not.toContain('line')
  expect((await secret('versions W API_TOKEN --env staging')).stdout).toMatch(/2 \(present\)[^]*\n1 /)
  expect((await secret('rollback W API_TOKEN 1 --env staging')).stdout).toContain('is at version 3, with the value of version 1')
  expect((await secret('get W API_TOKEN --env staging')).stdout).toBe('first')
  expect((await secret('delete W API_TOKEN --env staging')).stdout).toContain('Deleted API_TOKEN')
  expect((await secret('get W API_TOKEN --env staging')).code).toBe(5)
})

test('a file is imported all or nothing, and what resolve prints is imported as it was', async () => {
  writeFileSync(join(directory, 'bad.env'), 'IMPORTED=1\nBAD-KEY=hunter2\n')
  const refused = await secret('import W bad.env --env dev')
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('BAD-KEY')])
  expect(refused.stderr + refused.stdout).not.toContain('hunter2')

  const values = { PLAIN: 'x', QUOTED: `it's`, LINES: 'a\nb', HASH: 'a # b', BOTH: `"'`, SPACES: '  ', REF: '${PLAIN}y', EMPTY: '' }
  writeFileSync(join(directory, 'good.json'), JSON.stringify(values))
  expect((await secret('import W good.json --env dev --dry-run')).stdout).toContain('"created"')
  expect((await secret('list W --env dev')).stdout).toBe('')
  expect((await secret('import W good.json --env dev')).stdout).toContain('8 created')
  const { stdout } = await secret('resolve W --env dev')
  expect((await secret('import W - --env prod', { input: stdout })).stdout).toContain('8 created')
  const copied = await server.as(workspace.owner)('GET', `/v1/workspaces/${workspace.id}/secrets/resolve?environment=prod`)
  expect(copied.json['values']).toEqual({ ...values, REF: 'xy' })
})

const node = (script: string) => [process.execPath, '-e', script]
const runIn = (environment: string, command: readonly string[], options?: Options) =>
  freehold(['run', workspace.slug, '--env', environment, '--', ...command], options)

test('GF-18 run gives a command the values, its own words, input and exit code, and writes nothing', async () => {
  const path = `/v1/workspaces/${workspace.id}/secrets`
  for (const [key, value] of Object.entries({ GREETING: 'hello ${NAME}', NAME: 'wörld\n!', HOME: '/of/the/secrets' })) {
    expectStatus(await server.as(workspace.owner)('PUT', `${path}/${key}?environment=staging`, { value }), 200)
  }
  const before = readdirSync(directory, { recursive: true }).length
  const script = `let all = ''; process.stdin.on('data', (d) => all += d).on('end', () => {
    console.log(JSON.stringify([process.env.GREETING, process.env.HOME, process.env.KEPT, process.argv.slice(1), all])); process.exitCode = 7 })`
  const ended = await runIn('staging', [...node(script), '--', '--flag', '--env', 'x y'], { input: 'typed', env: { KEPT: 'yes' } })
  expect([ended.code, ended.stderr]).toEqual([7, ''])
  expect(JSON.parse(ended.stdout)).toEqual(['hello wörld\n!', '/of/the/secrets', 'yes', ['--flag', '--env', 'x y'], 'typed'])
  expect(readdirSync(directory, { recursive: true }).length - before).toBe(0)
})

test('run passes signals on: the command decides what they mean, and what ends it ends us', async () => {
  const waiting = (handler: string) => node(`${handler}; setInterval(() => {}, 1000); console.log('ready')`)
  const kill = (signal: NodeJS.Signals) => (text: string, send: (signal: NodeJS.Signals) => void) => {
    if (text.includes('ready')) send(signal)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const) {
    const handled = await runIn('staging', waiting(`process.on('${signal}', () => process.exit(9))`), { onOutput: kill(signal) })
    expect([signal, handled.code, handled.signal]).toEqual([signal, 9, null])
  }
  const ended = await runIn('staging', waiting(''), { onOutput: kill('SIGTERM') })
  expect([ended.code, ended.signal]).toEqual([null, 'SIGTERM'])
})

test('run refuses clearly: no command, no such command, an unknown environment, no right to reveal, a cycle', async () => {
  expect(await freehold(['run', workspace.slug])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('The command to run is missing'),
  })
  expect(await runIn('staging', ['no-such-program', 'wörld'])).toMatchObject({
    code: 127,
    stderr: expect.stringContaining('There is no command "no-such-program"'),
  })
  expect((await runIn('nowhere', node('1'))).code).toBe(5)
  const viewer = await server.member(workspace.id, 'view')
  expect((await runIn('staging', node('console.log("ran")'), { as: viewer })).code).toBe(4)
  expectStatus(
    await server.as(workspace.owner)('PUT', `/v1/workspaces/${workspace.id}/secrets/LOOP?environment=prod`, { value: 'hunter2 ${LOOP}' }),
    200,
  )
  const refused = await runIn('prod', node('console.log("ran")'))
  expect([refused.code, refused.stdout, refused.stderr]).toEqual([6, '', expect.stringContaining('LOOP')])
  expect(refused.stderr).not.toContain('hunter2')
  expect(await freehold(['run', '--env', 'staging', '--', 'true'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Which workspace?'),
  })
  // A key knows its workspace.
  const key = await server.apiKey(workspace, 'admin')
  expect((await freehold(['run', '--env', 'staging', '--', ...node('process.exit(process.env.NAME ? 3 : 4)')], { as: key })).code).toBe(3)
  // The commands about provisioning runs are still theirs.
  expect((await freehold(['run', 'get', workspace.runId])).stdout).toContain(workspace.runId)
})
