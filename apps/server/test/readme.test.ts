import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './support/test-server.ts'

const root = join(import.meta.dirname, '../../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = Array.from(readme.matchAll(/^```sh tour\n(.*?)^```$/gms), ([, block]) => block!)
const separator = '=== next block ==='

let server: TestServer
let outputs: string[]
let ended: { code: number | null; stdout: string; stderr: string }
beforeAll(async () => {
  server = await startTestServer()
  ended = await runBash(blocks.map((block) => `${fitted(block)}\necho '${separator}'\n`).join(''))
  outputs = ended.stdout.split(`${separator}\n`)
}, 120_000)
afterAll(() => server.close())

/** The block as written, but for where the server of this test is. */
function fitted(block: string): string {
  return block
    .replace('http://127.0.0.1:4100', server.url)
    .replace('.freehold/operator-token', join(server.config.dataDir, 'operator-token'))
}

function runBash(script: string): Promise<typeof ended> {
  const { FREEHOLD_URL: _url, FREEHOLD_TOKEN: _token, ...env } = process.env
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: root,
      env: { ...env, XDG_CONFIG_HOME: server.config.dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...said }))
  })
}

test('the tour of the README runs to its end in bash, each block after the other', () => {
  expect(ended.code, ended.stderr + ended.stdout).toBe(0)
  expect(outputs).toHaveLength(blocks.length + 1)
  expect(blocks.filter((block) => fitted(block) !== block)).toHaveLength(1)
})

// One expectation for each block, in the README's order.
const expected: [topic: string, said: (string | RegExp)[]][] = [
  ['who calls', ['"label":"Operator"']],
  ['a workspace and its run', ['"workspace_id"', 'event: run', '"status":"succeeded"', /^active$/m, '"slug":"prod"']],
  ['a key and what it may not do', ['"permissions":["read","write","execute","deploy"]', '"status":403', '"permission":"administer"']],
  ['sharing', ['"role":"view"', /^Kim Example view$/m, 'can grant `admin` on the workspace']],
  ['what is kept', [/^1\ncorrect horse battery\n[0-9a-f]{64}\nnotes\/hello.txt\npeople\n•+\nKim$/m]],
  ['a freeze', [/^frozen\n423\nactive$/m]],
  ['a dry run', ['"slug":"preview"', /^dev staging prod$/m]],
  ['an idempotent call', [/^([0-9a-f-]{36})\n\1\nidempotency_key_reused$/m]],
  [
    'the audit',
    ['Operator workspace.freeze', 'Operator api_key.create', 'Provisioning workspace.activate', '"valid":true', '"fault":null'],
  ],
  ['the command line', ['Harbour Office', 'harbour-office is frozen.', 'Exit code 7: frozen', 'api_key.create', /^Valid: \d+ events/m]],
]

test.each(expected.map(([topic, said], index) => ({ topic, said, index })))('the tour shows $topic', ({ said, index }) => {
  for (const part of said) expect(outputs[index]).toMatch(part)
})

test('each block of the tour is expected to show something', () => {
  expect(expected).toHaveLength(blocks.length)
})

test('the README names every flag and every variable that the server reads', () => {
  const source = readFileSync(join(root, 'apps/server/src/config.ts'), 'utf8')
  const variables = Array.from(source.matchAll(/env\['(\w+)'\]/g), ([, name]) => name!)
  const flags = Array.from(source.matchAll(/^ {8}(\w+): \{ type:/gm), ([, name]) => `--${name}`)
  expect(variables.length * flags.length).toBeGreaterThan(0)
  for (const name of [...variables, ...flags]) expect(readme).toContain(`\`${name}\``)
})
