import { mintToken } from '@freehold/kit'
import { waitFor } from '@freehold/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account, Actor, TestWorkspace } from './support/actors.ts'
import { findText, fingerprint, settle } from './support/database-inspect.ts'
import { createInviting, signUp, statusesOf } from './support/invitations.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let inviting: ReturnType<typeof createInviting>
let account: Account
let workspace: TestWorkspace
beforeAll(async () => {
  server = await startTestServer()
  inviting = createInviting(server)
  account = await server.account()
  workspace = await server.workspace(account)
})
afterAll(() => server.close())

const inviteTo = (role: string, email?: string) =>
  inviting.invite(inviting.toWorkspace(workspace), account.owner, { role, ...(email !== undefined && { email }) })
const cookieOf = (headers: Headers) => headers.get('set-cookie')!.split(';')[0]!

/** A credential that is nobody's. */
const deadSession = mintToken('fhs').plaintext

test('PR-03 whoever is new signs up by the link, is signed in, holds the role at once, and signs in by password later', async () => {
  const invited = await inviteTo('edit')
  const accepted = await inviting.accept(invited.token, { body: signUp })
  expectStatus(accepted, 200)
  const userId = accepted.json['user_id'] as string
  expect(accepted.json).toEqual({ user_id: userId, account_id: account.id, workspace_id: workspace.id, role: 'edit' })

  const cookie = cookieOf(accepted.headers)
  const me = await server.call('GET', '/v1/me', { headers: { cookie } })
  expect(me.json).toMatchObject({ id: userId, label: signUp.name, email: invited.email, credential: { kind: 'session' } })
  const seen = await server.call('GET', `/v1/workspaces/${workspace.id}`, { headers: { cookie } })
  expect(seen.json['permissions']).toContain('deploy')
  expect(seen.json['permissions']).not.toContain('manage_members')
  const signedIn = await server.call('POST', '/v1/session', { body: { email: invited.email, password: signUp.password } })
  expect(signedIn.json).toMatchObject({ user_id: userId })

  const { rows } = await server.superuser.query(
    `select chain_kind, chain_id, account_id, actor_kind, actor_id, actor_label, after from hub.audit_event where resource_id = $1 and action = 'invitation.accept'`,
    [invited.id],
  )
  expect(rows).toEqual([
    {
      chain_kind: 'workspace',
      chain_id: workspace.id,
      account_id: account.id,
      actor_kind: 'user',
      actor_id: userId,
      actor_label: signUp.name,
      after: expect.objectContaining({ state: 'accepted', accepted_by: userId, held_role: 'edit' }),
    },
  ])
  for (const secret of [invited.token, signUp.password, cookie.split('=')[1]!]) expect(await findText(server.superuser, secret)).toEqual([])
})

test('PR-03 who has signed in accepts what was sent to their e-mail, in whatever case; nobody else does', async () => {
  const person = await server.user()
  const invited = await inviteTo('view', person.email!.toUpperCase())
  const other = await server.user()
  const stolen = await inviting.accept(invited.token, { as: other })
  expect(stolen.json).toMatchObject({ status: 403, code: 'forbidden', email: person.email })
  expect(stolen.json['detail']).toContain(person.email)
  for (const owner of [account.owner, server.operator]) expect((await inviting.accept(invited.token, { as: owner })).status).toBe(403)

  const before = await server.as(person)('GET', `/v1/workspaces/${workspace.id}`)
  expect(before.status).toBe(404)
  const accepted = await inviting.accept(invited.token, { as: person })
  expect(accepted.json).toEqual({ user_id: person.id, account_id: account.id, workspace_id: workspace.id, role: 'view' })
  expect(accepted.headers.get('set-cookie')).toBeNull()
  expect((await server.as(person)('GET', `/v1/workspaces/${workspace.id}`)).status).toBe(200)
  expect((await server.as(person)('GET', '/v1/workspaces')).list).toHaveLength(1)
})

test('PR-03 a session accepts by cookie, from the portal only', async () => {
  const person = await server.user()
  const invited = await inviteTo('view', person.email)
  const cookie = `freehold_session=${(await server.session(person)).token}`
  expect((await inviting.accept(invited.token, { headers: { cookie, origin: 'https://evil.test' } })).status).toBe(403)
  expectStatus(await inviting.accept(invited.token, { headers: { cookie, origin: server.url } }), 200)
  expect(await inviting.roleOf(workspace.id, person.id)).toEqual(['view'])
})

test('PR-03 an invitation is for a person: a key of a workspace accepts none', async () => {
  const key = await server.apiKey(workspace, 'admin')
  const invited = await inviteTo('view')
  expect((await inviting.accept(invited.token, { as: key, body: signUp })).json).toMatchObject({ status: 403, permission: 'user' })
})

test('PR-03 who is not signed in has to say name and password, and to sign in first where their e-mail is known', async () => {
  const invited = await inviteTo('view')
  const pointers = async (body: object) =>
    ((await inviting.accept(invited.token, { body })).json['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)
  expect(await pointers({})).toEqual(['/body/name', '/body/password'])
  expect(await pointers({ name: 'Ada' })).toEqual(['/body/password'])
  expect(await pointers({ name: 'Ada', password: 'short' })).toEqual(['/body/password'])

  const person = await server.user()
  const theirs = await inviteTo('view', person.email)
  for (const as of [undefined, { id: '', token: deadSession }]) {
    const answer = await inviting.accept(theirs.token, { body: signUp, ...(as && { as }) })
    expect(answer.json).toMatchObject({ status: 409, code: 'conflict' })
    expect(answer.headers.get('set-cookie')).toBeNull()
  }
  expect(await inviting.actionsOn(theirs)).toEqual(['invitation.create'])
})

test('PR-03 accepted twice at the same time, by the same person or by many who sign up, it gives one role to one', async () => {
  const person = await server.user()
  const theirs = await inviteTo('view', person.email)
  const twice = await Promise.all([1, 2, 3, 4].map(() => inviting.accept(theirs.token, { as: person })))
  expect(statusesOf(twice)).toEqual([200, 409, 409, 409])
  expect(await inviting.actionsOn(theirs)).toEqual(['invitation.create', 'invitation.accept'])

  const open = await inviteTo('edit')
  const many = await Promise.all([1, 2, 3, 4].map((n) => inviting.accept(open.token, { body: { ...signUp, name: `Ada ${n}` } })))
  expect(statusesOf(many)).toEqual([200, 409, 409, 409])
  const { rows } = await server.superuser.query('select id from hub.app_user where email = $1', [open.email])
  expect(rows).toEqual([{ id: many.find(({ status }) => status === 200)!.json['user_id'] }])
})

test('PR-03 two invitations of one e-mail, both accepted by signing up at once, make one user', async () => {
  const second = await server.workspace(account)
  const email = inviting.newEmail()
  const links = [await inviteTo('view', email), await inviting.invite(inviting.toWorkspace(second), account.owner, { email, role: 'view' })]
  const answers = await Promise.all(links.map(({ token }) => inviting.accept(token, { body: signUp })))
  expect(statusesOf(answers)).toEqual([200, 409])
  const lost = links[answers.findIndex(({ status }) => status === 409)]!
  const cookie = cookieOf(answers.find(({ status }) => status === 200)!.headers)
  expectStatus(await inviting.accept(lost.token, { headers: { cookie, origin: server.url } }), 200)
})

test('AM-03 a credential that is revoked while its acceptance waits for other writers takes nothing', async () => {
  const person = await server.user()
  const credential = await server.personalToken(person)
  const invited = await inviteTo('admin', person.email)
  await server.superuser.query('begin')
  await server.superuser.query("select pg_advisory_xact_lock(hashtextextended('workspace:' || $1, 0))", [workspace.id])
  const accepting = inviting.accept(invited.token, { as: credential })
  await waitFor(
    () =>
      server.superuser.query(
        "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
      ),
    ({ rowCount }) => rowCount === 1,
  )
  const other = new pg.Client({ connectionString: server.superuserUrl })
  await other.connect()
  await other.query('begin')
  await other.query("select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  await other.query('update hub.credential set revoked_at = now() where id = $1', [credential.id])
  await other.query('update hub.gate set epoch = epoch + 1 where id = $1', [person.id])
  await other.query('commit')
  await other.end()
  await server.superuser.query('rollback')
  // From then on they are nobody, of an e-mail that is known.
  expect((await accepting).json).toMatchObject({ status: 409, code: 'conflict' })
  expect(await inviting.roleOf(workspace.id, person.id)).toEqual([])
  expect(await inviting.actionsOn(invited)).toEqual(['invitation.create'])
})

test('AM-03 who holds more already keeps it; who holds less, or no longer, gets what they were invited to', async () => {
  const cases: { held: [string, Date | null][]; invitedAs: string; then: string[] }[] = [
    { held: [['owner', null]], invitedAs: 'admin', then: ['owner'] },
    { held: [['admin', null]], invitedAs: 'view', then: ['admin'] },
    { held: [['view', null]], invitedAs: 'admin', then: ['admin'] },
    { held: [['edit', new Date(Date.now() - 1000)]], invitedAs: 'edit', then: ['edit'] },
    { held: [['admin', new Date(Date.now() - 1000)]], invitedAs: 'view', then: ['view'] },
    { held: [['view', new Date(Date.now() + 3_600_000)]], invitedAs: 'view', then: ['view'] },
  ]
  for (const { held, invitedAs, then } of cases) {
    const person = await server.user()
    const invited = await inviteTo(invitedAs, person.email)
    for (const [role, expiresAt] of held) await server.relate(`workspace:${workspace.id}`, role, `user:${person.id}`, expiresAt)
    const accepted = await inviting.accept(invited.token, { as: person })
    expect(accepted.json).toMatchObject({ role: then[0] })
    expect(await inviting.roleOf(workspace.id, person.id)).toEqual(then)
    const lasting = await server.superuser.query('select from hub.relationship where subject_id = $1 and expires_at is null', [person.id])
    expect(lasting.rowCount).toBe(1)
    expect((await server.as(person)('GET', `/v1/workspaces/${workspace.id}`)).status).toBe(200)
  }
})

test('PR-03 an invitation to an account gives the role there, in its own chain; who holds more keeps it', async () => {
  const invited = await inviting.invite(inviting.toAccount(account), account.owner, { role: 'admin' })
  const accepted = await inviting.accept(invited.token, { body: signUp })
  expect(accepted.json).toMatchObject({ account_id: account.id, workspace_id: null, role: 'admin' })
  const seen = await server.call('GET', `/v1/accounts/${account.id}`, { headers: { cookie: cookieOf(accepted.headers) } })
  expect(seen.json['permissions']).toContain('administer')
  const { rows } = await server.superuser.query(
    "select chain_kind, chain_id from hub.audit_event where resource_id = $1 and action = 'invitation.accept'",
    [invited.id],
  )
  expect(rows).toEqual([{ chain_kind: 'account', chain_id: account.id }])

  const billing = await server.user()
  const lesser = await inviting.invite(inviting.toAccount(account), account.owner, { email: billing.email!, role: 'member' })
  await server.relate(`account:${account.id}`, 'billing', `user:${billing.id}`)
  expect((await inviting.accept(lesser.token, { as: billing })).json).toMatchObject({ role: 'billing' })
})

test('PR-03 GF-10 a frozen workspace lets in whoever was invited; an archived or deleted one does not', async () => {
  const own = await server.workspace(account)
  const collection = inviting.toWorkspace(own)
  const people: Actor[] = [await server.user(), await server.user(), await server.user()]
  const invited = await Promise.all(people.map(({ email }) => inviting.invite(collection, account.owner, { email: email!, role: 'view' })))
  const setStatus = async (status: string) => {
    await server.superuser.query('begin')
    await server.superuser.query("select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
    await server.superuser.query(
      'with w as (update hub.workspace set status = $2 where id = $1) update hub.gate set epoch = epoch + 1 where id = $1',
      [own.id, status],
    )
    await server.superuser.query('commit')
  }
  await setStatus('frozen')
  expectStatus(await inviting.accept(invited[0]!.token, { as: people[0]! }), 200)
  await setStatus('archived')
  expect((await inviting.accept(invited[1]!.token, { as: people[1]! })).json).toMatchObject({ status: 423, code: 'workspace_archived' })
  await setStatus('deleted')
  expect((await inviting.accept(invited[2]!.token, { as: people[2]! })).json).toMatchObject({ status: 409, code: 'invalid_state' })
  expect(await inviting.roleOf(own.id, people[1]!.id)).toEqual([])
})

test('PR-03 an invitation stands, whatever becomes of who sent it', async () => {
  const admin = await server.member(workspace.id, 'admin')
  const invited = await inviting.invite(inviting.toWorkspace(workspace), admin, { role: 'edit' })
  await server.unrelate(`workspace:${workspace.id}`, 'admin', `user:${admin.id}`)
  const accepted = await inviting.accept(invited.token, { body: signUp })
  expectStatus(accepted, 200)
  const { rows } = await server.superuser.query('select created_by from hub.relationship where subject_id = $1', [accepted.json['user_id']])
  expect(rows).toEqual([{ created_by: admin.id }])
})

test('PR-03 BX-06 a dry run of accepting answers, signs nobody in and changes nothing', async () => {
  const invited = await inviteTo('view')
  await settle(server.superuser)
  const before = await fingerprint(server.superuser, ['hub.throttle'])
  const dry = await server.call('POST', '/v1/invitations/accept?dry_run=true', { body: { token: invited.token, ...signUp } })
  expect(dry.json).toMatchObject({ workspace_id: workspace.id, role: 'view' })
  expect(dry.headers.get('set-cookie')).toBeNull()
  expect(await fingerprint(server.superuser, ['hub.throttle'])).toEqual(before)
})

test('the same Idempotency-Key answers a second acceptance as the first', async () => {
  const person = await server.user()
  const invited = await inviteTo('view', person.email)
  const headers = { 'idempotency-key': 'accept-once' }
  const first = await inviting.accept(invited.token, { as: person, headers })
  const second = await inviting.accept(invited.token, { as: person, headers })
  expectStatus(second, 200)
  expect(second.json).toEqual(first.json)
  expect(second.headers.get('idempotency-replayed')).toBe('true')
})

test('PR-03 guessing tokens is stopped by network: after thirty wrong ones even a right one has to wait', async () => {
  const other = await startTestServer()
  try {
    const there = createInviting(other)
    const own = await other.workspace()
    const right = await there.invite(there.toWorkspace(own), own.owner, { role: 'view' })
    for (let guess = 0; guess < 40; guess++) expect((await there.preview(right.token)).status).toBe(200)
    const wrong = mintToken('fhv').plaintext
    for (let guess = 0; guess < 15; guess++) {
      expect((await there.preview(wrong)).status).toBe(404)
      expect((await there.accept(wrong, { body: signUp })).status).toBe(404)
    }
    for (const answer of [await there.preview(right.token), await there.accept(right.token, { body: signUp })]) {
      expect(answer.json).toMatchObject({ status: 429, code: 'rate_limited' })
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
  } finally {
    await other.close()
  }
})
