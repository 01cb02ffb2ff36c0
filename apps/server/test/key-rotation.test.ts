import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { password } from './support/actors.ts'
import { enableTotp, sessionOf, totpCode } from './support/ceremonies.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { createSigner, type Signer, whoIs } from './support/workspace-signer.ts'

let server: TestServer
let other: TestServer
beforeAll(async () => {
  server = await startTestServer()
  other = await startTestServer({}, server)
})
afterAll(async () => {
  await other.close()
  await server.close()
})

const program = join(import.meta.dirname, '../src/keys.ts')

/** Runs the command as an operator would; `killAt` ends it by force once it prints such a line. */
async function keys(args: string[], killAt?: RegExp): Promise<{ code: number | null; lines: string[]; errors: string }> {
  const env = { PATH: process.env['PATH']!, DATABASE_URL: server.config.databaseUrl!, FREEHOLD_DATA: server.config.dataDir }
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    if (killAt?.test(line)) child.kill('SIGKILL')
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, lines, errors }
}

const rootKeys = () => readFileSync(join(server.config.dataDir, 'root-key'), 'utf8').trim().split('\n')
const versions = async () =>
  (await server.superuser.query<{ version: number }>('select version from hub.root_key order by 1')).rows.map((row) => row.version)

/** Every token opens, new ones are made, and new workspaces get keys, on both servers, until stopped; answers how often. */
function keepBusy(signers: Signer[], tokens: string[]) {
  let isWanted = true
  const rounds = (async () => {
    let count = 0
    for (; isWanted; count++) {
      const signer = signers[count % signers.length]!
      const statuses = await Promise.all([server, other].map(async (on) => (await whoIs(on, tokens[count % tokens.length]!)).status))
      expect(statuses).toEqual([200, 200])
      const { secret } = await signer.rotate()
      expect((await whoIs(other, await signer.sign({ n: count }, { key: secret }))).status).toBe(200)
      if (count % 4 === 0) await createSigner(server, await server.workspace())
    }
    return count
  })()
  return { stop: () => ((isWanted = false), rounds) }
}

test('GF-18 kill -9 in the middle of rotate-root: both keys work, a second run ends it, and no request fails meanwhile', async () => {
  const signers = await Promise.all(Array.from({ length: 6 }, async () => createSigner(server, await server.workspace())))
  const tokens = await Promise.all(signers.slice(3).flatMap((signer) => [signer.sign(), signer.issue()]))
  const person = await server.user()
  const signIn = (code?: string) =>
    server.call('POST', '/v1/session', { body: { email: person.email, password, ...(code !== undefined && { code }) } })
  const { secret } = await enableTotp(server, sessionOf(await signIn()))
  const [old] = rootKeys()

  const busy = keepBusy(signers.slice(0, 3), tokens)
  const killed = await keys(['rotate-root', '--batch', '1'], /^Wrapped 2 /)
  expect([killed.code, await versions(), rootKeys().length]).toEqual([null, [1, 2], 2])
  const halfWay = await keys(['status'])
  expect(halfWay.lines.join('\n')).toMatch(/version 2 .*at hand\.\n.*\n.*version 1 .*at hand, being rotated away/)
  const rotated = await keys(['rotate-root', '--batch', '2'])
  expect([rotated.code, rotated.errors]).toEqual([0, ''])
  expect(rotated.lines[0]).toBe('Going on with the rotation to root key version 2.')
  expect(await busy.stop()).toBeGreaterThan(2)

  expect([await versions(), rootKeys().length, rootKeys()[0] === old]).toEqual([[2], 1, false])
  const third = await startTestServer({}, server)
  for (const on of [server, other, third]) for (const token of tokens) expect((await whoIs(on, token)).status).toBe(200)
  await third.close()
  expect((await signIn(totpCode(secret, 1))).status).toBe(201)
  const { rows } = await server.superuser.query<{ action: string }>(
    "select distinct action from hub.audit_event where action in ('workspace_key.rewrap', 'totp.reseal') order by 1",
  )
  expect(rows.map(({ action }) => action)).toEqual(['totp.reseal', 'workspace_key.rewrap'])
})

test('GF-18 kill -9 in the middle of rotate-workspace: a second run ends it, and every token works throughout', async () => {
  const signer = await createSigner(server, await server.workspace())
  const secrets = [signer.secret]
  for (let n = 0; n < 8; n++) secrets.push((await signer.rotate({ graceSeconds: 600 })).secret)
  const tokens = await Promise.all(secrets.map((key) => signer.sign({}, { key })))
  const stored = async () =>
    (
      await server.superuser.query<{ v: number }>('select key_version as v from hub.workspace_secret where workspace_id = $1', [
        signer.workspace.id,
      ])
    ).rows.map((row) => row.v)
  const works = async () =>
    (await Promise.all([server, other].flatMap((on) => tokens.map(async (token) => (await whoIs(on, token)).status)))).every(
      (status) => status === 200,
    )

  const killed = await keys(['rotate-workspace', signer.workspace.id, '--batch', '1'], /^Sealed 2 values/)
  expect(killed.code).toBe(null)
  expect(new Set(await stored())).toEqual(new Set([1, 2]))
  expect(await works()).toBe(true)
  const [rotated, concurrent] = await Promise.all([
    keys(['rotate-workspace', signer.workspace.id]),
    keys(['rotate-workspace', signer.workspace.id]),
  ])
  expect([rotated.errors, rotated.code, concurrent.errors]).toEqual(['', 0, ''])
  expect(await works()).toBe(true)
  expect(new Set(await stored()).size).toBe(1)
  const left = await server.superuser.query<{ n: number }>('select count(*)::int as n from hub.workspace_key where workspace_id = $1', [
    signer.workspace.id,
  ])
  expect(left.rows).toEqual([{ n: 1 }])
  expect((await keys(['rotate-workspace', '00000000-0000-7000-8000-000000000000'])).code).toBe(1)
})
