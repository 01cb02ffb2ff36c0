import { execFile } from 'node:child_process'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, test } from 'vitest'

import plugin from './plugin.ts'

type Snippet = { rule: string; file: string; code: string; title: string }

const sleep = 'await new Promise((resolve) => '

const allowed: Snippet[] = [
  {
    rule: 'import-direction',
    title: 'hub imports a package below it',
    file: 'packages/hub/src/a.ts',
    code: `import { x } from '@freehold/db'`,
  },
  {
    rule: 'import-direction',
    title: 'server imports both planes',
    file: 'apps/server/src/a.ts',
    code: `import '@freehold/hub'; import '@freehold/instance'`,
  },
  { rule: 'import-direction', title: 'a test imports the harness', file: 'packages/kit/src/a.test.ts', code: `import '@freehold/testing'` },
  {
    rule: 'import-direction',
    title: 'the portal takes types from the contract',
    file: 'apps/portal/src/a.ts',
    code: `import type { X } from '@freehold/contract'`,
  },
  { rule: 'import-direction', title: 'a relative path inside the package', file: 'packages/db/src/b/a.ts', code: `import '../c.ts'` },
  {
    rule: 'import-direction',
    title: 'a door that the package offers',
    file: 'packages/contract/src/door.ts',
    code: `import '@freehold/kit/slug'`,
  },
  {
    rule: 'import-direction',
    title: 'a build file of the portal runs the contract',
    file: 'apps/portal/vite.config.ts',
    code: `import '@freehold/contract'`,
  },
  { rule: 'import-direction', title: 'tools are free', file: 'tools/a.ts', code: `import '../packages/db/src/x.ts'` },
  {
    rule: 'feature-index',
    title: 'another feature by its index',
    file: 'packages/hub/src/apps/create.ts',
    code: `import '../keys/index.ts'`,
  },
  { rule: 'feature-index', title: 'a file of the same feature', file: 'packages/hub/src/apps/list.ts', code: `import './queries.ts'` },
  { rule: 'feature-index', title: 'a file beside the features', file: 'packages/hub/src/apps/show.ts', code: `import '../context.ts'` },
  { rule: 'no-module-mocks', title: 'a spy on a function', file: 'packages/kit/src/spy.test.ts', code: `vi.fn()` },
  {
    rule: 'no-skipped-tests',
    title: 'plain and table tests',
    file: 'packages/kit/src/plain.test.ts',
    code: `test('a', run); test.each([1])('b', run); describe.concurrent('c', run)`,
  },
  { rule: 'no-skipped-tests', title: 'skip outside tests', file: 'packages/kit/src/skip.ts', code: `context.skip(1)` },
  {
    rule: 'no-sleep-in-tests',
    title: 'a deadline that rejects',
    file: 'packages/kit/src/deadline.test.ts',
    code: `new Promise((resolve, reject) => setTimeout(() => reject(new Error('late')), 10))`,
  },
  { rule: 'no-sleep-in-tests', title: 'a poll', file: 'packages/kit/src/poll.test.ts', code: `await expect.poll(read).toBe(1)` },
  { rule: 'file-names', title: 'kebab-case with a role', file: 'packages/kit/src/create-key.saga.ts', code: '' },
  { rule: 'file-names', title: 'a name that only contains an empty word', file: 'packages/kit/src/data-sources/database.ts', code: '' },
  {
    rule: 'no-sql-outside-queries',
    title: 'SQL in queries.ts',
    file: 'packages/hub/src/apps/queries.ts',
    code: "sql`select 1`; db.selectFrom('app')",
  },
  {
    rule: 'no-sql-outside-queries',
    title: 'SQL in a file of queries',
    file: 'packages/hub/src/apps/grant-queries.ts',
    code: "db.deleteFrom('app')",
  },
  { rule: 'no-sql-outside-queries', title: 'SQL in a saga', file: 'packages/hub/src/apps/create.saga.ts', code: "db.insertInto('app')" },
  { rule: 'no-sql-outside-queries', title: 'SQL in a test', file: 'packages/hub/src/apps/create.test.ts', code: 'sql`select 1`' },
  { rule: 'no-sql-outside-queries', title: 'SQL in db', file: 'packages/db/src/pool.ts', code: 'sql`select 1`' },
]

const refused: Snippet[] = [
  { rule: 'import-direction', title: 'kit imports the database', file: 'packages/kit/src/up.ts', code: `import '@freehold/db'` },
  {
    rule: 'import-direction',
    title: 'hub imports instance',
    file: 'packages/hub/src/up.ts',
    code: `import type { X } from '@freehold/instance'`,
  },
  {
    rule: 'import-direction',
    title: 'instance imports hub lazily',
    file: 'packages/instance/src/up.ts',
    code: `await import('@freehold/hub')`,
  },
  {
    rule: 'import-direction',
    title: 'instance names a type of hub inline',
    file: 'packages/instance/src/inline.ts',
    code: `export type X = import('@freehold/hub').X`,
  },
  { rule: 'import-direction', title: 'sdk re-exports the database', file: 'packages/sdk/src/up.ts', code: `export * from '@freehold/db'` },
  {
    rule: 'import-direction',
    title: 'production code imports the harness',
    file: 'packages/hub/src/harness.ts',
    code: `import '@freehold/testing'`,
  },
  {
    rule: 'import-direction',
    title: 'the harness imports the server',
    file: 'packages/testing/src/up.ts',
    code: `import '@freehold/server'`,
  },
  {
    rule: 'import-direction',
    title: 'the portal takes values from the contract',
    file: 'apps/portal/src/up.ts',
    code: `import { X } from '@freehold/contract'`,
  },
  {
    rule: 'import-direction',
    title: 'an import past the index',
    file: 'packages/hub/src/deep.ts',
    code: `import '@freehold/db/src/pool.ts'`,
  },
  {
    rule: 'import-direction',
    title: 'a door that the package does not offer',
    file: 'packages/contract/src/door.ts',
    code: `import '@freehold/kit/ids'`,
  },
  {
    rule: 'import-direction',
    title: 'a relative path into another package',
    file: 'packages/hub/src/across.ts',
    code: `import '../../db/src/index.ts'`,
  },
  {
    rule: 'import-direction',
    title: 'a relative path out of all packages',
    file: 'packages/hub/src/out.ts',
    code: `import '../../../tools/check.ts'`,
  },
  { rule: 'import-direction', title: 'a package without a place', file: 'packages/novel/src/a.ts', code: `import '@freehold/kit'` },
  {
    rule: 'feature-index',
    title: "another feature's queries",
    file: 'packages/hub/src/apps/sneak.ts',
    code: `import { x } from '../keys/queries.ts'`,
  },
  {
    rule: 'feature-index',
    title: 'a feature, past its index, from outside',
    file: 'packages/instance/src/index.ts',
    code: `export { x } from './keys/create.ts'`,
  },
  { rule: 'no-module-mocks', title: 'vi.mock', file: 'packages/kit/src/mock.test.ts', code: `vi.mock('./a.ts')` },
  { rule: 'no-module-mocks', title: 'vi.doMock', file: 'packages/kit/src/do-mock.test.ts', code: `vi.doMock('./a.ts')` },
  { rule: 'no-skipped-tests', title: 'test.skip', file: 'packages/kit/src/skip.test.ts', code: `test.skip('a', run)` },
  { rule: 'no-skipped-tests', title: 'a focused table', file: 'packages/kit/src/only.test.ts', code: `describe.only.each([1])('a', run)` },
  {
    rule: 'no-skipped-tests',
    title: 'only behind concurrent',
    file: 'packages/kit/src/chain.test.ts',
    code: `it.concurrent.only('a', run)`,
  },
  { rule: 'no-skipped-tests', title: 'test.todo', file: 'packages/kit/src/todo.test.ts', code: `test.todo('a')` },
  { rule: 'no-skipped-tests', title: 'a condition', file: 'packages/kit/src/if.test.ts', code: `test.skipIf(ci)('a', run)` },
  { rule: 'no-skipped-tests', title: 'an option', file: 'packages/kit/src/option.test.ts', code: `test('a', { skip: true }, run)` },
  {
    rule: 'no-skipped-tests',
    title: 'from inside',
    file: 'packages/kit/src/inside.test.ts',
    code: `test('a', (context) => context.skip())`,
  },
  {
    rule: 'no-sleep-in-tests',
    title: 'an awaited timer',
    file: 'packages/kit/src/timer.test.ts',
    code: `${sleep}setTimeout(resolve, 10))`,
  },
  {
    rule: 'no-sleep-in-tests',
    title: 'an awaited timer in disguise',
    file: 'packages/kit/src/timer2.test.ts',
    code: `${sleep}{ setTimeout(() => { resolve() }, 10) })`,
  },
  {
    rule: 'no-sleep-in-tests',
    title: 'timers/promises',
    file: 'packages/kit/src/timer3.test.ts',
    code: `import { setTimeout } from 'node:timers/promises'`,
  },
  { rule: 'no-sleep-in-tests', title: "the browser's", file: 'apps/portal/e2e/timer.test.ts', code: `await page.waitForTimeout(10)` },
  { rule: 'no-sleep-in-tests', title: 'a sleep by name', file: 'packages/kit/src/timer4.test.ts', code: `await sleep(10)` },
  { rule: 'file-names', title: 'camel case', file: 'packages/kit/src/createKey.ts', code: '' },
  { rule: 'file-names', title: "a component's capital", file: 'apps/portal/src/Table.tsx', code: '' },
  { rule: 'file-names', title: 'an empty word', file: 'packages/kit/src/utils.ts', code: '' },
  { rule: 'file-names', title: 'an empty word with a role', file: 'packages/kit/src/helpers.test.ts', code: '' },
  { rule: 'file-names', title: 'an empty word at the end', file: 'packages/kit/src/string-utils.ts', code: '' },
  { rule: 'file-names', title: 'a folder with an empty name', file: 'packages/kit/src/common/key.ts', code: '' },
  { rule: 'no-sql-outside-queries', title: 'a tagged statement in a verb', file: 'packages/hub/src/apps/create.ts', code: 'sql`select 1`' },
  {
    rule: 'no-sql-outside-queries',
    title: 'a typed statement in a verb',
    file: 'packages/hub/src/apps/tagged.ts',
    code: 'sql<{ id: string }>`select 1`',
  },
  {
    rule: 'no-sql-outside-queries',
    title: 'a builder in a verb',
    file: 'packages/instance/src/apps/list.ts',
    code: "db.with('x', y).selectFrom('app')",
  },
  {
    rule: 'no-sql-outside-queries',
    title: 'a bare statement in a verb',
    file: 'packages/instance/src/apps/bare.ts',
    code: "client.query('select 1')",
  },
  {
    rule: 'no-sql-outside-queries',
    title: 'a file that only sounds like queries',
    file: 'packages/hub/src/apps/subqueries.ts',
    code: "db.updateTable('app')",
  },
]

const oxlint = resolve(import.meta.dirname, '../../node_modules/oxlint/bin/oxlint')
const folders: string[] = []
let caughtIn: { allowed: Set<string>; refused: Set<string> }

beforeAll(async () => {
  caughtIn = { allowed: await lint(allowed), refused: await lint(refused) }
})

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })))
})

test('every rule has a snippet that passes and one that it catches', () => {
  const rules = Object.keys(plugin.rules).sort()
  expect([...new Set(allowed.map((snippet) => snippet.rule))].sort()).toEqual(rules)
  expect([...new Set(refused.map((snippet) => snippet.rule))].sort()).toEqual(rules)
})

test.each(allowed)('$rule allows: $title', ({ rule, file }) => {
  expect(caughtIn.allowed).not.toContain(`${rule} ${file}`)
})

test.each(refused)('$rule refuses: $title', ({ rule, file }) => {
  expect(caughtIn.refused).toContain(`${rule} ${file}`)
})

/** Writes the snippets into a folder of their own and lints it once. @returns "rule file" for each problem found. */
async function lint(snippets: Snippet[]): Promise<Set<string>> {
  const root = await mkdtemp(join(tmpdir(), 'freehold-lint-'))
  folders.push(root)
  await Promise.all(snippets.map((snippet) => writeSnippet(join(root, snippet.file), snippet.code)))
  await writeSnippet(
    join(root, 'packages/kit/package.json'),
    JSON.stringify({ exports: { '.': './src/index.ts', './slug': './src/slug.ts' } }),
  )
  const config = {
    jsPlugins: [join(import.meta.dirname, 'plugin.ts')],
    categories: { correctness: 'off' },
    settings: { freehold: { root } },
    rules: Object.fromEntries(Object.keys(plugin.rules).map((rule) => [`freehold/${rule}`, 'error'])),
  }
  await writeFile(join(root, '.oxlintrc.json'), JSON.stringify(config))
  const found = await runOxlint(root)
  return new Set(found.map((problem) => `${/\((.+)\)/.exec(problem.code)?.[1]} ${problem.filename}`))
}

async function writeSnippet(path: string, code: string) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${code}\n`)
}

async function runOxlint(cwd: string): Promise<{ code: string; filename: string }[]> {
  const run = promisify(execFile)(process.execPath, [oxlint, '--format=json', '.'], { cwd })
  const { stdout } = await run.catch((error: { stdout: string }) => error)
  return JSON.parse(stdout).diagnostics
}
