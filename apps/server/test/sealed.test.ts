import { startTransitServer, transitToken } from '@freehold/testing'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { resealers } from '../src/resealers.ts'
import { password } from './support/actors.ts'
import { enableTotp, sessionOf, totpCode } from './support/ceremonies.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'
import { createSigner, whoIs } from './support/workspace-signer.ts'

const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close()
})

async function open(...args: Parameters<typeof startTestServer>): Promise<TestServer> {
  const server = await startTestServer(...args)
  opened.push(server)
  return server
}

const readyOf = async (server: TestServer) => {
  const { status, json } = await server.call('GET', '/readyz')
  return [status, (json as { dependencies: Record<string, string> }).dependencies['root_key']]
}
const readyAgain = (server: TestServer) =>
  waitFor(
    () => readyOf(server),
    ([, state]) => state === 'ok',
  )

test('GF-18 without its root key a server answers everything else, says what is sealed, and unseals when the file is back', async () => {
  const first = await open()
  const file = join(first.config.dataDir, 'root-key')
  const signer = await createSigner(first, await first.workspace())
  const tokens = { secret: await signer.sign(), installation: await signer.issue() }
  expect(readFileSync(file, 'utf8')).toMatch(/^[\w+/]{43}=\n$/)

  const elsewhere = join(first.config.dataDir, 'nowhere')
  const sealed = await open({ rootKeyFile: elsewhere }, first)
  expect(await readyOf(sealed)).toEqual([200, 'sealed'])
  expect(existsSync(elsewhere)).toBe(false)
  const owner = sealed.as(signer.workspace.owner)
  const path = `/v1/workspaces/${signer.workspace.id}`
  expect((await owner('GET', path)).status).toBe(200)
  expect((await owner('PATCH', path, { name: 'Renamed while sealed' }, { 'if-match': '*' })).status).toBe(200)
  expect((await owner('POST', `${path}/environments`, { slug: 'qa' })).status).toBe(201)
  const refused = await owner('POST', `/org-workspaces/${signer.workspace.id}/rotate-secret`, {})
  expect([refused.status, refused.json['code'], refused.headers.get('retry-after')]).toEqual([503, 'sealed', '10'])
  for (const presented of Object.values(tokens)) {
    const answer = await whoIs(sealed, presented)
    expect([answer.status, answer.json['code']]).toEqual([503, 'sealed'])
    expect(JSON.stringify(answer.json)).not.toContain('nowhere')
  }

  writeFileSync(elsewhere, `${randomBytes(32).toString('base64')}\n`)
  expect((await whoIs(sealed, tokens.secret)).status).toBe(503)
  writeFileSync(elsewhere, readFileSync(file))
  await readyAgain(sealed)
  for (const presented of Object.values(tokens)) expect((await whoIs(sealed, presented)).status).toBe(200)
})

test('GF-18 a wrong FREEHOLD_ROOT_KEY seals: no key is made, and what the right one sealed is untouched', async () => {
  const rootKey = randomBytes(32)
  const right = await open({ rootKey })
  const wrong = await open({ rootKey: randomBytes(32) }, right)
  const workspace = await right.workspace()
  const refused = await wrong.as(workspace.owner)('POST', `/org-workspaces/${workspace.id}/rotate-secret`, {})
  expect([refused.status, refused.json['code']]).toEqual([503, 'sealed'])
  const { rows } = await right.superuser.query('select from hub.workspace_key where workspace_id = $1', [workspace.id])
  expect(rows).toHaveLength(0)
  expect(await Promise.all([readyOf(wrong), readyOf(right)])).toEqual([
    [200, 'sealed'],
    [200, 'ok'],
  ])
  await createSigner(right, workspace)
})

test('GF-18 a root key that a KMS wraps is shared through the database; a server that starts while the KMS is away unseals by itself', async () => {
  const kms = await startTransitServer()
  opened.push(kms)
  const config = { kms: { kind: 'transit', url: kms.url, token: () => transitToken } as const }
  const first = await open(config)
  const signer = await createSigner(first, await first.workspace())
  const token = await signer.sign()
  expect(existsSync(join(first.config.dataDir, 'root-key'))).toBe(false)
  const { rows } = await first.superuser.query<{ kms: string }>('select version, kms from hub.root_key')
  expect(rows).toEqual([{ version: 1, kms: `transit:${kms.url}` }])

  kms.behave('break')
  const second = await open(config, first)
  expect(await readyOf(second)).toEqual([200, 'sealed'])
  expect([(await whoIs(first, token)).status, (await whoIs(second, token)).status]).toEqual([200, 503])
  kms.behave('work')
  await readyAgain(second)
  expect((await whoIs(second, token)).status).toBe(200)
})

test('AM-12 an authenticator’s code cannot be judged while sealed, and is not called wrong', async () => {
  const first = await open()
  const person = await first.user()
  const signIn = (server: TestServer, code?: string) =>
    server.call('POST', '/v1/session', { body: { email: person.email, password, ...(code !== undefined && { code }) } })
  const { secret } = await enableTotp(first, sessionOf(await signIn(first)))
  const sealed = await open({ rootKeyFile: join(first.config.dataDir, 'nowhere') }, first)
  const answer = await signIn(sealed, totpCode(secret, 1))
  expect([answer.status, answer.json['code']]).toEqual([503, 'sealed'])
  expect((await signIn(first, totpCode(secret, 1))).status).toBe(201)
  const other = await first.user()
  const { status } = await sealed.call('POST', '/v1/session', { body: { email: other.email, password } })
  expect(status).toBe(201)
})

test('GF-18 every table with a key_version has a resealer: a rotation of a workspace’s key would leave its rows behind', async () => {
  const server = await open()
  const { rows } = await server.superuser.query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.columns
     where table_schema in ('hub', 'instance') and column_name = 'key_version' order by 1`,
  )
  expect(resealers.map(({ table }) => table).toSorted()).toEqual(rows.map(({ name }) => name))
})
