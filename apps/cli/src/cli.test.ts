import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { goodToken, startFakeFreehold } from './fake-freehold.ts'
import { createHome } from './spawn-freehold.ts'

let server: Awaited<ReturnType<typeof startFakeFreehold>>
let home: Awaited<ReturnType<typeof createHome>>
const signedIn = () => ({ env: { FREEHOLD_URL: server.url, FREEHOLD_TOKEN: goodToken } })

beforeAll(async () => {
  server = await startFakeFreehold()
  home = await createHome()
})
afterAll(() => Promise.all([server.close(), home.remove()]))
beforeEach(() => {
  Object.assign(server.state, { workspaces: [], keys: [], failRuns: false, seen: [], regions: [{ id: 'local', name: 'Local' }] })
})

async function createWorkspace(name = 'Acme Research'): Promise<string> {
  const { stdout } = await home.freehold(['workspace', 'create', name], signedIn())
  return stdout.trim()
}

test('login takes the token from standard input, checks it and keeps it where only its owner can read it', async () => {
  const own = await createHome()
  const config = join(own.directory, '.config/freehold/config.json')

  const refused = await own.freehold(['login', '--url', server.url, '--token', '-'], { input: 'fhp_bad\n' })
  expect(refused).toMatchObject({ code: 3, stdout: '' })
  await expect(stat(config)).rejects.toThrow('ENOENT')

  const done = await own.freehold(['login', '--url', `${server.url}/`], { input: `${goodToken}\n` })
  expect(done).toMatchObject({ code: 0, stdout: `Signed in to ${server.url} as Operator.\n` })
  expect((await stat(config)).mode & 0o777).toBe(0o600)
  expect(done.stdout + done.stderr).not.toContain(goodToken)

  expect(await own.freehold(['whoami'])).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Operator') })
  // A kept token goes to no other server.
  expect(await own.freehold(['whoami', '--url', 'http://127.0.0.1:9'])).toMatchObject({ code: 3 })
  expect(await own.freehold(['logout'])).toMatchObject({ code: 0 })
  expect(await readFile(config, 'utf8')).not.toContain(goodToken)
  expect(await own.freehold(['whoami'])).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('freehold login') })
  await own.remove()
})

test('login reads --token-file, and XDG_CONFIG_HOME says where to keep it', async () => {
  const own = await createHome()
  await writeFile(join(own.directory, 'token'), `${goodToken}\n`)
  const env = { XDG_CONFIG_HOME: join(own.directory, 'elsewhere') }
  expect(await own.freehold(['login', '--url', server.url, '--token-file', 'token'], { env })).toMatchObject({ code: 0 })
  expect(JSON.parse(await readFile(join(own.directory, 'elsewhere/freehold/config.json'), 'utf8'))).toEqual({
    current: server.url,
    servers: { [server.url]: { token: goodToken } },
  })
  await own.remove()
})

test('flags win over the environment, which wins over the configuration', async () => {
  const env = { FREEHOLD_URL: server.url, FREEHOLD_TOKEN: 'fhp_bad' }
  expect(await home.freehold(['whoami'], { env })).toMatchObject({ code: 3 })
  expect(await home.freehold(['whoami', '--token', goodToken], { env })).toMatchObject({ code: 0 })
  expect(await home.freehold(['--token=-', 'whoami'], { env, input: goodToken })).toMatchObject({ code: 0 })
})

test('the operator token of the checkout is used only when nothing is set, and that is said', async () => {
  const own = await createHome()
  await mkdir(join(own.directory, '.freehold'))
  await writeFile(join(own.directory, '.freehold/operator-token'), 'fhp_operator\n')
  const { stderr } = await own.freehold(['whoami'])
  expect(stderr).toContain('Signed in to http://127.0.0.1:4100 by ./.freehold/operator-token.')
  expect(await own.freehold(['whoami', '--url', server.url])).toMatchObject({
    code: 3,
    stderr: expect.not.stringContaining('operator-token'),
  })
  await own.remove()
})

test('GF-04 workspace create chooses the only account and region; standard output is the id and nothing else', async () => {
  const { code, stdout, stderr } = await home.freehold(['workspace', 'create', 'Acme Research', '--tenancy-model', 'dedicated'], signedIn())
  const [workspace] = server.state.workspaces
  expect(code).toBe(0)
  expect(stdout).toBe(`${workspace!.id}\n`)
  expect(stderr).toContain('freehold workspace watch')
  const post = server.state.seen.find((request) => request.method === 'POST')!
  expect(post.body).toEqual({
    account_id: server.state.accounts[0]!.id,
    name: 'Acme Research',
    region: 'local',
    tenancy_model: 'dedicated',
  })
  expect(post.headers['idempotency-key']).toMatch(/./)
})

test('workspace create asks to choose where there are several regions', async () => {
  server.state.regions.push({ id: 'eu', name: 'Europe' })
  expect(await home.freehold(['workspace', 'create', 'A'], signedIn())).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('--region: local, eu'),
  })
  expect(await home.freehold(['workspace', 'create', 'A', '--region', 'eu'], signedIn())).toMatchObject({ code: 0 })
})

test('GF-05 --wait shows each step on standard error, plainly where it is no terminal', async () => {
  const { code, stdout, stderr } = await home.freehold(['workspace', 'create', 'A', '--wait', '--json'], signedIn())
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    workspace_id: server.state.workspaces[0]!.id,
    provisioning_run_id: server.state.workspaces[0]!.provisioning_run_id,
  })
  expect(stderr.split('\n')).toEqual([
    'reserve: succeeded (0 ms)',
    'open_data_plane: running (0 ms)',
    'open_data_plane: succeeded (0 ms)',
    'The workspace is active.',
    '',
  ])
})

test('GF-24 --wait ends with 1 when provisioning fails, with the reason and what to do, and still prints the id', async () => {
  server.state.failRuns = true
  const { code, stdout, stderr } = await home.freehold(['workspace', 'create', 'A', '--wait'], signedIn())
  const [workspace] = server.state.workspaces
  expect({ code, stdout }).toEqual({ code: 1, stdout: `${workspace!.id}\n` })
  expect(stderr).toContain('no space')
  expect(stderr).toContain(`freehold run retry ${workspace!.provisioning_run_id}`)
})

test('run watch and workspace watch end with the run', async () => {
  await createWorkspace()
  const run = server.state.workspaces[0]!.provisioning_run_id
  expect(await home.freehold(['run', 'watch', run], signedIn())).toMatchObject({ code: 0, stdout: expect.stringContaining('succeeded') })
  expect(await home.freehold(['workspace', 'watch', 'acme-research'], signedIn())).toMatchObject({ code: 0 })
  server.state.failRuns = true
  expect(await home.freehold(['run', 'watch', run, '--json'], signedIn())).toMatchObject({ code: 1 })
})

test('a workspace is named by slug or id; a slug that is only part of another is not found', async () => {
  const id = await createWorkspace()
  for (const name of [id, 'acme-research']) {
    const { code, stdout } = await home.freehold(['workspace', 'get', name, '--json'], signedIn())
    expect([code, JSON.parse(stdout).id]).toEqual([0, id])
  }
  expect(await home.freehold(['workspace', 'get', 'acme'], signedIn())).toMatchObject({ code: 5, stdout: '' })
})

test('lists are tables for people and arrays for --json, and say when there is more', async () => {
  await createWorkspace('Acme One')
  await createWorkspace('漢字 Two')
  await createWorkspace('Three \u001b[31mred')
  const table = await home.freehold(['workspace', 'list'], signedIn())
  expect(table.stderr).toBe('')
  const lines = table.stdout.split('\n')
  expect(lines[0]).toMatch(/^NAME {2,}SLUG/)
  expect(lines[1]!.indexOf('acme-one')).toBe(lines[0]!.indexOf('SLUG'))
  expect(lines[2]!.indexOf('漢字-two')).toBe(lines[0]!.indexOf('SLUG') - 2)
  expect(table.stdout).not.toContain('\u001b')

  const all = await home.freehold(['workspace', 'list', '--json', '--all'], signedIn())
  expect(JSON.parse(all.stdout)).toHaveLength(3)
  const first = await home.freehold(['workspace', 'list', '--json', '--limit', '2'], signedIn())
  expect(JSON.parse(first.stdout)).toHaveLength(2)
  expect(first.stderr).toContain('there are more')
})

test('an empty list is an empty array, and advice for people', async () => {
  expect(await home.freehold(['workspace', 'list', '--json'], signedIn())).toEqual({ code: 0, stdout: '[]\n', stderr: '' })
  expect(await home.freehold(['workspace', 'list'], signedIn())).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('workspace create'),
  })
})

test('AM-04 KEY=$(freehold api-key create …) captures only the key', async () => {
  await createWorkspace()
  const made = await home.freehold(['api-key', 'create', 'acme-research', 'ci', '--role', 'view', '--lifetime', '30d'], signedIn())
  expect(made).toMatchObject({ code: 0, stdout: 'fhk_secret\n', stderr: expect.stringContaining('not be shown again') })
  expect(server.state.seen.at(-1)!.body).toEqual({ name: 'ci', role: 'view', lifetime_seconds: 2_592_000 })
  await home.freehold(['api-key', 'create', 'acme-research', 'forever', '--lifetime', 'never'], signedIn())
  expect(server.state.seen.at(-1)!.body).toEqual({ name: 'forever', lifetime_seconds: null })

  const listed = await home.freehold(['api-key', 'list', 'acme-research'], signedIn())
  expect(listed.stdout).toContain('Never')
  expect(listed.stdout).not.toContain('fhk_secret')
  expect(await home.freehold(['api-key', 'revoke', 'acme-research', 'ci'], signedIn())).toMatchObject({ code: 0 })
  expect(server.state.seen.at(-1)).toMatchObject({ method: 'DELETE', path: expect.stringContaining(server.state.keys[0]!.id) })
})

test('GF-09 freeze and unfreeze; a write to a frozen workspace ends with 7', async () => {
  await createWorkspace()
  expect(await home.freehold(['workspace', 'freeze', 'acme-research', '--reason', 'audit'], signedIn())).toMatchObject({ code: 0 })
  expect(server.state.seen.at(-1)!.body).toEqual({ status: 'frozen', reason: 'audit' })
  expect(await home.freehold(['api-key', 'create', 'acme-research', 'x'], signedIn())).toMatchObject({ code: 7 })
  expect(await home.freehold(['workspace', 'unfreeze', 'acme-research'], signedIn())).toMatchObject({ code: 0 })
})

test('BX-06 --dry-run sends dry_run, says so, and prints what would happen', async () => {
  const { code, stdout, stderr } = await home.freehold(['workspace', 'create', 'A', '--wait', '--dry-run'], signedIn())
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({ would: 'create', name: 'A' })
  expect(stderr).toContain('nothing was changed')
  expect(server.state.workspaces).toEqual([])
  expect(await home.freehold(['workspace', 'list', '--dry-run'], signedIn())).toMatchObject({ code: 2 })
})

test.each([
  ['broken', 1],
  ['bad', 2],
  ['forbidden', 4],
  ['taken', 6],
  ['limited', 7],
])('a refusal (%s) ends with %i, says what to do on standard error and leaves standard output empty', async (name, code) => {
  const human = await home.freehold(['workspace', 'create', name], signedIn())
  expect(human).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(/Error: Title of .*What to do next[^]*req-1/) })
  if (name === 'bad') expect(human.stderr).toContain('/body/slug: does not fit')

  const machine = await home.freehold(['workspace', 'create', name, '--json'], signedIn())
  expect(machine).toMatchObject({ code, stdout: '' })
  expect(JSON.parse(machine.stderr)).toMatchObject({ detail: 'What to do next', request_id: 'req-1' })
})

test('a server that cannot be reached ends with 1', async () => {
  const env = { FREEHOLD_URL: 'http://127.0.0.1:9', FREEHOLD_TOKEN: goodToken }
  expect(await home.freehold(['whoami'], { env })).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('Cannot reach http://127.0.0.1:9'),
  })
})

test('authz sync runs the server’s own program and says what it lacks', async () => {
  const { code, stderr } = await home.freehold(['authz', 'sync', '--check'])
  expect(code).toBe(1)
  expect(stderr).toContain('Set FREEHOLD_SPICEDB and FREEHOLD_SPICEDB_TOKEN')
})

test('BX-03 an export verifies', async () => {
  await createWorkspace()
  const exported = await home.freehold(['audit', 'export', 'acme-research'], signedIn())
  expect(exported).toMatchObject({ code: 0, stderr: 'Exported 3 events.\n' })
  expect(await home.freehold(['audit', 'verify', '-'], { input: exported.stdout })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Valid: 3 events'),
  })

  expect(await home.freehold(['audit', 'export', 'acme-research', '--output', 'acme.jsonl'], signedIn())).toMatchObject({
    code: 0,
    stdout: '',
  })
  expect(await readFile(join(home.directory, 'acme.jsonl'), 'utf8')).not.toBe('')
})
