import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account, Actor, TestWorkspace } from './support/actors.ts'
import { findText } from './support/database-inspect.ts'
import { createInviting, signUp, statusesOf } from './support/invitations.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let inviting: ReturnType<typeof createInviting>
let account: Account
let workspace: TestWorkspace
let admin: Actor
beforeAll(async () => {
  server = await startTestServer()
  inviting = createInviting(server)
  account = await server.account()
  workspace = await server.workspace(account)
  admin = await server.member(workspace.id, 'admin')
})
afterAll(() => server.close())

const places = ['workspace', 'account'] as const
const collectionOf = (place: (typeof places)[number]) =>
  place === 'workspace' ? inviting.toWorkspace(workspace) : inviting.toAccount(account)

test.each(places)('PR-03 inviting to the %s without mail gives the link once, and leaves no trace of its token', async (place) => {
  const email = inviting.newEmail()
  const role = place === 'workspace' ? 'edit' : 'billing'
  const made = await server.as(account.owner)('POST', collectionOf(place), { email: `  ${email.toUpperCase()}`.trim(), role })
  expectStatus(made, 201)
  const { token, url, delivery, ...listed } = made.json
  expect(delivery).toBe('link')
  expect(url).toBe(`${server.url}/invitations/accept#${token as string}`)
  expect(listed).toMatchObject({
    email,
    role,
    state: 'pending',
    account_id: account.id,
    workspace_id: place === 'workspace' ? workspace.id : null,
    created_by: account.owner.id,
    accepted_at: null,
  })
  const lifetimeMs = Date.parse(listed['expires_at'] as string) - Date.parse(listed['sent_at'] as string)
  expect(lifetimeMs).toBe(7 * 86_400_000)

  const read = await server.as(account.owner)('GET', `${collectionOf(place)}/${listed['id'] as string}`)
  expect(read.json).toEqual(listed)
  expect(await findText(server.superuser, token as string)).toEqual([])
  const { rows } = await server.superuser.query(
    'select chain_kind, chain_id, action, resource_kind, resource_label, after from hub.audit_event where resource_id = $1',
    [listed['id']],
  )
  const chain = place === 'workspace' ? workspace.id : account.id
  expect(rows).toEqual([
    {
      chain_kind: place,
      chain_id: chain,
      action: 'invitation.create',
      resource_kind: 'invitation',
      resource_label: email,
      after: listed,
    },
  ])
})

test('PR-03 AM-03 only who manages members invites, to a place of their own: others get 403 or 404 and leave nothing', async () => {
  const viewer = await server.member(workspace.id, 'view')
  const rival = await server.workspace()
  const member = await server.user()
  await server.relate(`account:${account.id}`, 'member', `user:${member.id}`)
  const body = { email: inviting.newEmail(), role: 'view' }
  expect((await server.as(viewer)('POST', inviting.toWorkspace(workspace), body)).json).toMatchObject({
    code: 'forbidden',
    permission: 'manage_members',
  })
  expect((await server.as(member)('POST', inviting.toAccount(account), { ...body, role: 'member' })).json).toMatchObject({
    code: 'forbidden',
    permission: 'administer',
  })
  expect((await server.as(rival.owner)('POST', inviting.toWorkspace(workspace), body)).status).toBe(404)
  // An invitation of one place is none of another's.
  const invited = await inviting.invite(inviting.toWorkspace(workspace), admin, { role: 'view' })
  for (const collection of [inviting.toWorkspace(rival), `/v1/accounts/${rival.accountId}/invitations`]) {
    const theirs = server.as(rival.owner)
    expect((await theirs('GET', `${collection}/${invited.id}`)).status).toBe(404)
    expect((await theirs('POST', `${collection}/${invited.id}/resend`)).status).toBe(404)
    expect((await theirs('DELETE', `${collection}/${invited.id}`)).status).toBe(404)
    expect((await theirs('GET', collection)).list).toEqual([])
  }
  // Nor is a workspace's one of its account's.
  expect((await server.as(account.owner)('GET', `${inviting.toAccount(account)}/${invited.id}`)).status).toBe(404)
  expect(await inviting.actionsOn(invited)).toEqual(['invitation.create'])
})

test('PR-03 nobody is invited as an owner, to a role of the other kind, or for longer than a month', async () => {
  const email = inviting.newEmail()
  const invite = server.as(account.owner)
  for (const role of ['owner', 'billing', 'member'])
    expect((await invite('POST', inviting.toWorkspace(workspace), { email, role })).status).toBe(400)
  for (const role of ['owner', 'edit', 'view'])
    expect((await invite('POST', inviting.toAccount(account), { email, role })).status).toBe(400)
  const long = await invite('POST', inviting.toWorkspace(workspace), { email: 'no address', role: 'view', lifetime_seconds: 2_592_001 })
  expect((long.json['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
    '/body/email',
    '/body/lifetime_seconds',
  ])
})

test.each(places)('PR-03 an e-mail is invited to the %s once at a time, also by two at the same moment', async (place) => {
  const role = place === 'workspace' ? 'view' : 'member'
  const body = { email: inviting.newEmail(), role }
  const answers = await Promise.all([1, 2, 3].map(() => server.as(account.owner)('POST', collectionOf(place), body)))
  expect(statusesOf(answers)).toEqual([201, 409, 409])
  const { id } = answers.find(({ status }) => status === 201)!.json
  const again = await server.as(account.owner)('POST', collectionOf(place), { ...body, email: body.email.toUpperCase() })
  expect(again.json).toMatchObject({ code: 'conflict', invitation_id: id })
  expect(again.json['detail']).toContain(id)
  // Elsewhere the same person may be invited beside.
  const other = place === 'workspace' ? 'account' : 'workspace'
  const elsewhere = await server.as(account.owner)('POST', collectionOf(other), { ...body, role: other === 'account' ? 'member' : 'view' })
  expect(elsewhere.status).toBe(201)
})

test('PR-03 who has a role there is not invited again; one that has ended does not count', async () => {
  const held = await server.member(workspace.id, 'view')
  const invite = (email: string | undefined) =>
    server.as(admin)('POST', inviting.toWorkspace(workspace), { email: email!.toUpperCase(), role: 'edit' })
  expect((await invite(held.email)).json).toMatchObject({ code: 'conflict', role: 'view' })
  const lapsed = await server.user()
  await server.relate(`workspace:${workspace.id}`, 'view', `user:${lapsed.id}`, new Date(Date.now() - 1000))
  expect((await invite(lapsed.email)).status).toBe(201)
  const billing = await server.user()
  await server.relate(`account:${account.id}`, 'billing', `user:${billing.id}`)
  const toAccount = await server.as(account.owner)('POST', inviting.toAccount(account), { email: billing.email, role: 'member' })
  expect(toAccount.json).toMatchObject({ code: 'conflict', role: 'billing' })
})

test('PR-03 the list is newest first, by page, by state, and knows which have expired', async () => {
  const own = await server.workspace(account)
  const collection = inviting.toWorkspace(own)
  const [first, second, third, fourth] = [
    await inviting.invite(collection, account.owner, { role: 'view' }),
    await inviting.invite(collection, account.owner, { role: 'edit' }),
    await inviting.invite(collection, account.owner, { role: 'admin' }),
    await inviting.invite(collection, account.owner, { role: 'view' }),
  ]
  await inviting.expire(first)
  expect((await server.as(account.owner)('DELETE', second.path)).status).toBe(204)
  expectStatus(await inviting.accept(third.token, { body: signUp }), 200)

  const list = async (query: string) => (await server.as(account.owner)('GET', `${collection}${query}`)).list.map(({ id }) => id)
  expect(await list('')).toEqual([fourth.id, third.id, second.id, first.id])
  expect(await list('?state=pending')).toEqual([fourth.id])
  expect(await list('?state=accepted')).toEqual([third.id])
  expect(await list('?state=revoked')).toEqual([second.id])
  expect(await list('?state=expired')).toEqual([first.id])
  const page = await server.as(account.owner)('GET', `${collection}?limit=3`)
  const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link')!)![1]!
  expect((await server.as(account.owner)('GET', next)).list.map(({ id }) => id)).toEqual([first.id])
})

test.each(places)(
  'PR-03 sending one to the %s again makes a new link and a new end, and voids the old link; also of one that expired',
  async (place) => {
    const role = place === 'workspace' ? 'view' : 'member'
    const invited = await inviting.invite(collectionOf(place), account.owner, { role })
    for (const isExpired of [false, true]) {
      if (isExpired) await inviting.expire(invited)
      const sent = await server.as(account.owner)('POST', `${invited.path}/resend`)
      expectStatus(sent, 200)
      expect(sent.json).toMatchObject({ id: invited.id, state: 'pending', delivery: 'link' })
      const { sent_at: sentAt, expires_at: expiresAt, token } = sent.json as Record<string, string>
      expect(Math.round((Date.parse(expiresAt!) - Date.parse(sentAt!)) / 1000)).toBe(7 * 86_400)
      expect((await inviting.preview(invited.token)).status).toBe(404)
      expect((await inviting.accept(invited.token, { body: signUp })).status).toBe(404)
      expect((await inviting.preview(token!)).status).toBe(200)
      invited.token = token!
    }
    expect(await inviting.actionsOn(invited)).toEqual(['invitation.create', 'invitation.resend', 'invitation.resend'])
  },
)

test('PR-03 an expired one is not sent again beside a newer one that stands', async () => {
  const old = await inviting.invite(inviting.toWorkspace(workspace), admin, { role: 'view' })
  await inviting.expire(old)
  const newer = await inviting.invite(inviting.toWorkspace(workspace), admin, { email: old.email, role: 'edit' })
  const again = await server.as(admin)('POST', `${old.path}/resend`)
  expect(again.json).toMatchObject({ code: 'conflict', invitation_id: newer.id })
})

test('PR-03 a revoked invitation opens nothing; what is settled is neither sent nor revoked again, and says its state', async () => {
  const revoked = await inviting.invite(inviting.toWorkspace(workspace), admin, { role: 'view' })
  expect((await server.as(admin)('DELETE', revoked.path)).status).toBe(204)
  const accepted = await inviting.invite(inviting.toWorkspace(workspace), admin, { role: 'view' })
  expectStatus(await inviting.accept(accepted.token, { body: signUp }), 200)
  for (const [invited, state] of [
    [revoked, 'revoked'],
    [accepted, 'accepted'],
  ] as const) {
    for (const again of [
      await server.as(admin)('POST', `${invited.path}/resend`),
      await server.as(admin)('DELETE', invited.path),
      await inviting.preview(invited.token),
      await inviting.accept(invited.token, { body: signUp }),
    ]) {
      expect(again.json).toMatchObject({ status: 409, code: 'invalid_state', state })
    }
  }
  expect(await inviting.actionsOn(revoked)).toEqual(['invitation.create', 'invitation.revoke'])
})

test('PR-03 GF-10 a frozen workspace invites nobody, and its invitations can still be revoked', async () => {
  const own = await server.workspace(account)
  const invited = await inviting.invite(inviting.toWorkspace(own), account.owner, { role: 'view' })
  expectStatus(await server.as(account.owner)('PATCH', `/v1/workspaces/${own.id}/status`, { status: 'frozen' }), 200)
  const body = { email: inviting.newEmail(), role: 'view' }
  expect((await server.as(account.owner)('POST', inviting.toWorkspace(own), body)).status).toBe(423)
  expect((await server.as(account.owner)('POST', `${invited.path}/resend`)).status).toBe(423)
  expect((await server.as(account.owner)('DELETE', invited.path)).status).toBe(204)
})

test('PR-03 a preview tells what the link leads to and whether its e-mail is known; a wrong token tells nothing', async () => {
  const known = await server.user()
  const [names] = (
    await server.superuser.query<{ account: string; workspace: string }>(
      'select a.name as account, w.name as workspace from hub.workspace w join hub.account a on a.id = w.account_id where w.id = $1',
      [workspace.id],
    )
  ).rows
  const invited = await inviting.invite(inviting.toWorkspace(workspace), admin, { email: known.email!, role: 'edit' })
  expect((await inviting.preview(invited.token)).json).toEqual({
    email: known.email,
    role: 'edit',
    account_name: names!.account,
    workspace_name: names!.workspace,
    expires_at: expect.any(String),
    account_exists: true,
  })
  const stranger = await inviting.invite(inviting.toAccount(account), account.owner, { role: 'member' })
  expect((await inviting.preview(stranger.token)).json).toMatchObject({ workspace_name: null, account_exists: false })
  for (const wrong of ['nonsense', server.firstRun.setupToken!, invited.token.replace('fhv_', 'fhu_')])
    expect((await inviting.preview(wrong)).json).toMatchObject({ status: 404, code: 'not_found' })
  const late = await inviting.invite(inviting.toWorkspace(workspace), admin, { role: 'view' })
  await inviting.expire(late)
  expect((await inviting.preview(late.token)).json).toMatchObject({ status: 409, code: 'invalid_state', state: 'expired' })
})
