import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Account, type Actor, password, type TestWorkspace } from './support/actors.ts'
import { addPasskey, answeredPasskey, enableTotp, sessionOf, totpCode, type Totp } from './support/ceremonies.ts'
import { openEvents } from './support/event-stream.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

/** One server where things are changed, and one beside it on the same database, which must know at once. */
let server: TestServer
let beside: TestServer
let account: Account
let workspace: TestWorkspace
let owner: string
let member: Actor
let proved: string
let totp: Totp

beforeAll(async () => {
  server = await startTestServer()
  beside = await startTestServer({}, server)
})
afterAll(async () => {
  await beside.close()
  await server.close()
})
beforeEach(async () => {
  account = await server.account()
  workspace = await server.workspace(account)
  owner = (await server.session(account.owner)).token
  await enableTotp(server, owner)
  member = await server.user()
  await server.relate(`account:${account.id}`, 'admin', `user:${member.id}`)
  proved = (await server.session(member)).token
  totp = await enableTotp(server, proved)
})

const require = async (isRequired: boolean) =>
  expectStatus(await server.call('PATCH', `/v1/accounts/${account.id}`, { token: owner, body: { require_second_factor: isRequired } }), 200)
const get = (on: TestServer, token: string, path: string) => on.call('GET', path, { token })
const objects = () => [
  `/v1/accounts/${account.id}`,
  `/v1/accounts/${account.id}/audit`,
  `/v1/workspaces/${workspace.id}`,
  `/v1/workspaces/${workspace.id}/api-keys`,
  `/v1/workspaces/${workspace.id}/environments`,
  `/v1/provisioning-runs/${workspace.runId}`,
]
const refusal = ({ status, json }: Answer) => [status, json['code'], json['permission']]
const refused = [403, 'forbidden', 'second_factor']

test('AM-12 who has proved only a password is refused on the account and all its workspaces, at once on every server, and let in again', async () => {
  for (const on of [server, beside]) for (const path of objects()) expectStatus(await get(on, member.token, path), 200, path)
  await require(true)
  for (const on of [beside, server]) {
    for (const path of objects()) expect([path, ...refusal(await get(on, member.token, path))]).toEqual([path, ...refused])
    for (const path of objects()) expectStatus(await get(on, proved, path), 200, path)
  }
  await require(false)
  for (const on of [beside, server]) for (const path of objects()) expectStatus(await get(on, member.token, path), 200, path)
})

test('AM-12 nothing can be changed without the second factor either, and the refusal leaves no trace', async () => {
  await require(true)
  const attempts = [
    ['PATCH', `/v1/workspaces/${workspace.id}`, { name: 'Changed' }],
    ['POST', `/v1/workspaces/${workspace.id}/api-keys`, { name: 'ci' }],
    ['PATCH', `/v1/accounts/${account.id}`, { require_second_factor: false }],
    ['POST', '/v1/workspaces', { account_id: account.id, name: 'New', region: 'local' }],
  ] as const
  for (const [method, path, body] of attempts) {
    const answer = await beside.call(method, path, { token: member.token, body, headers: { 'x-request-id': 'without-second' } })
    expect([path, ...refusal(answer)]).toEqual([path, ...refused])
  }
  const { rows } = await server.superuser.query("select from hub.audit_event where request_id = 'without-second'")
  expect(rows).toEqual([])
})

test('AM-12 nothing of the account is in the lists of who lacks the second factor, whichever credential of theirs asked first', async () => {
  const own = await server.workspace()
  await server.relate(`workspace:${own.id}`, 'view', `user:${member.id}`)
  const billing = await server.user()
  await server.relate(`account:${account.id}`, 'billing', `user:${billing.id}`)
  expect((await get(beside, billing.token, '/v1/accounts')).list).toHaveLength(1)
  await require(true)
  expect((await get(beside, billing.token, '/v1/accounts')).list).toEqual([])
  const told = await get(beside, billing.token, '/v1/me/second-factors')
  expect(told.json).toMatchObject({ satisfied: false, accounts_withheld: 1 })
  const seen = async (on: TestServer, token: string) => ({
    workspaces: (await get(on, token, '/v1/workspaces')).list.map(({ id }) => id),
    accounts: (await get(on, token, '/v1/accounts')).list.map(({ id }) => id),
  })
  for (const on of [server, beside]) {
    expect(await seen(on, proved)).toEqual({ workspaces: [own.id, workspace.id], accounts: [account.id] })
    expect(await seen(on, member.token)).toEqual({ workspaces: [own.id], accounts: [] })
    expect((await seen(on, proved)).workspaces).toEqual([own.id, workspace.id])
    const byAccount = await get(on, member.token, `/v1/workspaces/by-account/${account.id}`)
    expect([byAccount.status, byAccount.text.includes(workspace.id)]).toEqual([expect.any(Number), false])
    for (const path of ['/v1/workspaces', '/v1/me', '/v1/me/sessions']) {
      expect((await get(on, member.token, path)).text).not.toContain(workspace.id)
    }
  }
})

test('AM-12 a decision that was made for a proved session serves no unproved credential of the same person', async () => {
  await require(true)
  for (const path of objects()) {
    expectStatus(await get(server, proved, path), 200, path)
    expect(refusal(await get(server, member.token, path))).toEqual(refused)
    expectStatus(await get(server, proved, path), 200, path)
  }
})

test('AM-12 a personal token is as well proved as what made it', async () => {
  const make = async (token: string) =>
    (await server.call('POST', '/v1/me/tokens', { token, body: { name: 'made' } })).json['token'] as string
  const [strong, weak] = [await make(proved), await make(member.token)]
  const [fromStrong, fromWeak] = [await make(strong), await make(weak)]
  await require(true)
  for (const token of [strong, fromStrong]) {
    expectStatus(await get(beside, token, `/v1/workspaces/${workspace.id}`), 200)
    expect((await get(beside, token, '/v1/me')).json['second_factor']).toBe(true)
  }
  for (const token of [weak, fromWeak]) expect(refusal(await get(beside, token, `/v1/workspaces/${workspace.id}`))).toEqual(refused)
})

test('AM-12 password with code, recovery code, and passkey each let in', async () => {
  await require(true)
  const passkey = await addPasskey(server, proved)
  const body = { email: member.email, password }
  const sessions = [
    await server.call('POST', '/v1/session', { body: { ...body, code: totpCode(totp.secret, 1) } }),
    await server.call('POST', '/v1/session', { body: { ...body, code: totp.recoveryCodes[0] } }),
    await server.call('POST', '/v1/session/passkey', { body: await answeredPasskey(server, passkey) }),
  ].map(sessionOf)
  for (const token of sessions) expectStatus(await get(beside, token, `/v1/workspaces/${workspace.id}`), 200)
})

test('AM-12 API keys are no persons: they work on', async () => {
  const key = await server.call('POST', `/v1/workspaces/${workspace.id}/api-keys`, { token: owner, body: { name: 'ci', role: 'view' } })
  await require(true)
  for (const on of [server, beside]) expectStatus(await get(on, key.json['key'] as string, `/v1/workspaces/${workspace.id}`), 200)
})

test('AM-12 nobody locks themselves out: who requires it must have proved it', async () => {
  const answer = await server.call('PATCH', `/v1/accounts/${account.id}`, { token: member.token, body: { require_second_factor: true } })
  expect([answer.status, answer.json['code']]).toEqual([409, 'invalid_state'])
})

test('AM-12 who lacks it can still set one up, and is let in by the session that did', async () => {
  const newcomer = await server.user()
  await server.relate(`workspace:${workspace.id}`, 'edit', `user:${newcomer.id}`)
  await require(true)
  const session = sessionOf(await server.call('POST', '/v1/session', { body: { email: newcomer.email, password } }))
  expect(refusal(await get(beside, session, `/v1/workspaces/${workspace.id}`))).toEqual(refused)
  await enableTotp(server, session)
  for (const on of [beside, server]) expectStatus(await get(on, session, `/v1/workspaces/${workspace.id}`), 200)
})

test('AM-12 a stranger still gets 404, not a word about a second factor', async () => {
  await require(true)
  const stranger = await server.user()
  for (const path of objects()) expectStatus(await get(beside, stranger.token, path), 404, path)
})

test('AM-12 activity tells nothing of the account to who lacks the second factor', async () => {
  const own = await server.workspace()
  await server.relate(`workspace:${own.id}`, 'view', `user:${member.id}`)
  const activity = async (on: TestServer, token: string) => (await get(on, token, '/v1/activity')).text
  expect(await activity(beside, member.token)).toContain(workspace.id)
  await require(true)
  for (const on of [beside, server]) {
    expect(await activity(on, proved)).toContain(workspace.id)
    const text = await activity(on, member.token)
    expect([text.includes(own.id), text.includes(workspace.id), text.includes(account.id)]).toEqual([true, false, false])
  }
})

test("AM-12 a workspace's stream ends when the second factor is required, and the stream of everything goes on without it", async () => {
  const own = await server.workspace()
  await server.relate(`workspace:${own.id}`, 'view', `user:${member.id}`)
  const ofWorkspace = await openEvents(beside, `/v1/workspaces/${workspace.id}/audit/events`, member)
  const ofAll = await openEvents(beside, '/v1/events', member)
  await require(true)
  await waitFor(
    async () => ofWorkspace.endedAt(),
    (ended) => ended !== null,
  )
  const rename = async (id: string, token: string) =>
    expectStatus(await server.call('PATCH', `/v1/workspaces/${id}`, { token, body: { name: 'Renamed' } }), 200)
  await rename(workspace.id, owner)
  await rename(own.id, own.owner.token)
  await ofAll.wait(({ data }) => JSON.stringify(data).includes(own.id))
  expect(
    ofAll.events.filter(({ data }) => data['action'] === 'workspace.update').map(({ data }) => (data['resource'] as { id: string }).id),
  ).toEqual([own.id])
  await ofAll.close()
})
