import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account, Actor, TestWorkspace } from './support/actors.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

const run = promisify(execFile)
const main = new URL('../../cli/src/main.ts', import.meta.url).pathname

let server: TestServer
let account: Account
let workspace: TestWorkspace
let person: Actor
let home: string
beforeAll(async () => {
  server = await startTestServer()
  account = await server.account()
  workspace = await server.workspace(account)
  person = await server.user('Kim Example')
  home = mkdtempSync(join(tmpdir(), 'freehold-cli-'))
})
afterAll(async () => {
  rmSync(home, { recursive: true })
  await server.close()
})

/** Standard output of a command, as a person with this token runs it. */
async function freehold(words: string, { token }: Actor = account.owner): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: home, FREEHOLD_URL: server.url, FREEHOLD_TOKEN: token }
  const { stdout } = await run(process.execPath, [main, ...words.split(' ')], { env })
  return stdout.trim()
}

/** The exit code of a command that fails. */
async function failing(words: string, actor?: Actor): Promise<number> {
  const code = await freehold(words, actor).then(
    () => 0,
    (error: { code: number }) => error.code,
  )
  return code
}

test('AM-03 a grant is given, seen, explained, changed and taken away', async () => {
  expect(await failing(`workspace get ${workspace.slug}`, person)).not.toBe(0)
  expect(await freehold(`grant create ${workspace.slug} ${person.email!} view --expires 30d`)).toContain('view')
  expect(await freehold(`workspace get ${workspace.slug}`, person)).toContain(workspace.id)
  expect(await freehold(`member list ${workspace.slug}`)).toContain('Kim Example')
  expect(await freehold(`explain ${workspace.slug} administer --principal ${person.email!}`)).toContain('may not')
  expect(await freehold(`grant update ${workspace.slug} ${person.id} --role admin --expires never`)).toContain('admin')
  expect(await freehold(`explain ${workspace.slug} administer`, person)).toContain('may administer')
  expect(await freehold(`grant revoke ${workspace.slug} ${person.id}`)).toContain('Revoked')
  expect(await failing(`workspace get ${workspace.slug}`, person)).not.toBe(0)
})

test('PR-03 somebody is invited, accepts, and appears among the members', async () => {
  const link = await freehold(`invitation create ${person.email!} edit --workspace ${workspace.slug}`)
  expect(await freehold(`invitation list --workspace ${workspace.slug}`)).toContain('pending')
  expect(await freehold(`invitation accept ${link}`, person)).toContain('edit')
  expect(await freehold(`invitation list --workspace ${workspace.slug} --state accepted`)).toContain(person.email!)
  expect(await freehold(`grant list ${workspace.slug}`)).toContain('Kim Example')
  expect(await freehold(`grant revoke ${workspace.slug} ${person.id}`)).toContain('Revoked')
})

test('AM-12 a group lets its people in, and out', async () => {
  expect(await freehold(`account-member add ${account.id} ${person.email!} member`)).toContain('member')
  const group = await freehold(`group create ${account.id} Engineers --claim eng`)
  expect(await freehold(`group add ${account.id} Engineers ${person.email!}`)).toContain('Added')
  expect(await freehold(`group members ${account.id} Engineers`)).toContain('Kim Example')
  expect(await freehold(`grant create ${workspace.slug} ${group} view --group`)).toContain('Engineers')
  expect(await freehold(`workspace get ${workspace.slug}`, person)).toContain(workspace.id)
  expect(await freehold(`group remove ${account.id} Engineers ${person.email!}`)).toContain('Removed')
  expect(await failing(`workspace get ${workspace.slug}`, person)).not.toBe(0)
  expect(await freehold(`group delete ${account.id} Engineers`)).toContain('Deleted')
  expect(await freehold(`account-member remove ${account.id} ${person.email!}`)).toContain('Removed')
})

test('BX-05 MB-05 a key is rotated with a grace, and a token names a tenant that is then stopped', async () => {
  const old = await freehold(`api-key create ${workspace.slug} ci --role view --scopes workspaces:read,sessions:read`)
  const fresh = await freehold(`api-key rotate ${workspace.slug} ci --grace 1h`)
  for (const token of [old, fresh]) expect(await freehold('whoami', { id: '', token })).toContain('ci')

  const token = await freehold(`token create ${workspace.slug} --tenant customer-17 --name Customer`)
  expect(await freehold('--json whoami', { id: '', token })).toContain('customer-17')
  expect(await freehold(`tenant list ${workspace.slug}`)).toContain('customer-17')
  expect(await freehold(`tenant disable ${workspace.slug} customer-17`)).toContain('disabled')
  expect(await failing('whoami', { id: '', token })).not.toBe(0)
  expect(await freehold(`tenant delete ${workspace.slug} customer-17`)).toContain('Deleted')
  expect(await freehold(`token rotate-secret ${workspace.slug}`)).toMatch(/^\S{32,}$/)
})

test('MB-07 a workspace is archived, restored, and handed to another owner', async () => {
  expect(await freehold(`workspace archive ${workspace.slug}`)).toContain('archived')
  expect(await failing(`environment list ${workspace.slug}`)).not.toBe(0)
  expect(await freehold(`workspace restore ${workspace.slug}`)).toContain('active')
  expect(await freehold(`workspace transfer ${workspace.slug} ${person.email!} --keep-role view`)).toContain('owns')
  expect(await freehold(`explain ${workspace.slug} transfer`, person)).toContain('may transfer')
})

test('PR-04 a credential is stored from a file, checked, made the default and deleted', async () => {
  const file = join(home, 'token')
  writeFileSync(file, 'a-token-that-nobody-shall-see\n')
  const fields = '--fields base_url=http://127.0.0.1:9'
  expect(await freehold(`credential types ${workspace.slug}`)).toContain('postgresql')
  for (const name of ['One', 'Two']) {
    expect(await freehold(`credential create ${workspace.slug} github ${name} ${fields} --secret-file ${file}`)).toContain('Stored')
  }
  expect(await failing(`credential create ${workspace.slug} github Three --fields token=x --secret-file ${file}`)).not.toBe(0)
  expect(await failing(`credential check ${workspace.slug} One`)).not.toBe(0)
  expect(await freehold(`credential list ${workspace.slug}`)).toContain('private address')
  expect(await freehold(`credential default ${workspace.slug} Two`)).toContain('the default for github')
  expect(await freehold(`credential update ${workspace.slug} Two --name Three --secret-file ${file}`)).toContain('Changed Three')
  const shown = await freehold(`credential get ${workspace.slug} three --json`)
  expect([shown.includes('nobody'), shown.includes('"is_default": true')]).toEqual([false, true])
  expect(await freehold(`credential delete ${workspace.slug} Three`)).toContain('Deleted')
})

test('GF-20 a collection is made, filled, found, revealed, changed and dropped', async () => {
  const schema = '{"type":"object","properties":{"name":{"type":"string"},"pin":{"type":"string","x-sensitive":true}}}'
  expect(await freehold(`vault create ${workspace.slug} people ${schema} --index [{"fields":[{"field":"name"}]}]`)).toContain('people')
  const id = await freehold(`vault insert ${workspace.slug} people {"name":"Ada","pin":"4711"}`)
  expect(await freehold(`vault collections ${workspace.slug}`)).toMatch(/people +1 +name/)
  const found = await freehold(`vault query ${workspace.slug} people --filter {"name":{"prefix":"A"}} --sort [{"field":"name"}]`)
  expect(found).toContain(id)
  expect(found).not.toContain('4711')
  expect(await freehold(`vault put ${workspace.slug} people ${id} {"name":"Bob","pin":"••••••••"}`)).toContain('version 2')
  expect(await freehold(`vault get ${workspace.slug} people ${id}`)).toContain('Bob')
  expect(await failing(`vault reveal ${workspace.slug} people ${id} pin`)).not.toBe(0)
  expect(JSON.parse(await freehold(`vault reveal ${workspace.slug} people ${id} pin --reason asked`))).toEqual({ pin: '4711' })
  expect(await freehold(`vault update ${workspace.slug} people --description Everybody`)).toContain('version 1')
  expect(await freehold(`vault schema ${workspace.slug} people`)).toContain('Everybody')
  expect(await freehold(`vault count ${workspace.slug} people --filter {"name":{"eq":"Bob"}}`)).toBe('1')
  expect(await freehold(`vault delete ${workspace.slug} people ${id}`)).toContain('Deleted')
  expect(await failing(`vault drop ${workspace.slug} people`)).not.toBe(0)
  expect(await freehold(`vault drop ${workspace.slug} people --confirm people`)).toContain('Deleted')
})

test('GF-12 a workspace is exported whole or not at all', async () => {
  for (const [format, end] of [
    ['jsonl', /"resource":"footer".*\n$/],
    ['json', /"rows":\{.*\}\}\n$/],
    ['csv', /^PK/],
  ] as const) {
    const file = join(home, `export.${format}`)
    await freehold(`workspace export ${workspace.slug} --format ${format} --output ${file}`)
    expect(readFileSync(file, 'latin1')).toMatch(end)
  }
  expect(await freehold(`workspace export ${workspace.slug}`)).toMatch(/^\{"resource":"export".*\n[^]*"footer"/)
})

test('records are imported all or nothing, and exported again', async () => {
  const [good, bad, out] = ['good.csv', 'bad.csv', 'out.csv'].map((name) => join(home, name)) as [string, string, string]
  writeFileSync(good, 'name\r\nAda\r\nBob\r\n')
  writeFileSync(bad, 'name\r\nCyd\r\n""\r\n')
  const schema = '{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string","minLength":1}}}'
  await freehold(`vault create ${workspace.slug} guests ${schema}`)
  expect(JSON.parse(await freehold(`vault import ${workspace.slug} guests ${bad} --dry-run`))).toMatchObject({ imported: 0, refused: 1 })
  expect(await failing(`vault import ${workspace.slug} guests ${bad}`)).toBe(1)
  expect(await freehold(`vault count ${workspace.slug} guests`)).toBe('0')
  expect(await freehold(`vault import ${workspace.slug} guests ${good}`)).toBe('Imported 2 records.')
  expect(await freehold(`vault import ${workspace.slug} guests ${bad} --skip-invalid`)).toBe('Imported 1 record.')
  await freehold(`vault export ${workspace.slug} guests --format csv --output ${out}`)
  expect(readFileSync(out, 'utf8')).toBe('name\r\nAda\r\nBob\r\nCyd\r\n')
})
