import { type MailServer, startMailServer, waitFor } from '@freehold/testing'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account, TestWorkspace } from './support/actors.ts'
import { findText, fingerprint, settle } from './support/database-inspect.ts'
import { createInviting, signUp } from './support/invitations.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let mail: MailServer
let server: TestServer
let inviting: ReturnType<typeof createInviting>
let account: Account
let workspace: TestWorkspace
const logged: string[] = []
beforeAll(async () => {
  mail = await startMailServer()
  const logger = pino({ level: 'trace' }, { write: (line) => logged.push(line) })
  server = await startTestServer({ mail: { url: mail.url, from: 'Freehold <freehold@example.test>' } }, undefined, logger)
  inviting = createInviting(server)
  account = await server.account('Ada & Söhne')
  workspace = await server.workspace(account, 'Maschinenhalle')
})
afterAll(async () => {
  await server.close()
  await mail.close()
})

const send = (body: { email: string; role: string }, query = '') =>
  server.as(account.owner)('POST', `${inviting.toWorkspace(workspace)}${query}`, body)
const linkIn = (text: string) => /^http:\S+$/m.exec(text.replaceAll('\r', ''))![0]
const tokenIn = (text: string) => linkIn(text).split('#')[1]!

test('PR-03 the invited person gets the link by mail, nobody else does, and comes in by it', async () => {
  const email = inviting.newEmail()
  const made = await send({ email, role: 'edit' })
  expectStatus(made, 201)
  expect(made.json).toMatchObject({ delivery: 'mail', token: null, url: null, state: 'pending' })

  const [received] = mail.mails.splice(0)
  expect(received).toMatchObject({ from: 'freehold@example.test', to: [email] })
  expect(received!.headers['subject']).toMatch(/^Person \d+ invites you to Maschinenhalle$/)
  expect(received!.text).toContain('the workspace Maschinenhalle of Ada & Söhne on Freehold, with the role `edit`')
  expect(linkIn(received!.text)).toBe(`${server.url}/invitations/accept#${tokenIn(received!.text)}`)

  const token = tokenIn(received!.text)
  expect(made.text).not.toContain(token)
  expect((await inviting.preview(token)).json).toMatchObject({ email, workspace_name: 'Maschinenhalle' })
  const accepted = await inviting.accept(token, { body: signUp })
  expect(accepted.json).toMatchObject({ workspace_id: workspace.id, role: 'edit' })
  const session = /freehold_session=([^;]+)/.exec(accepted.headers.get('set-cookie')!)![1]!
  // A refusal is logged.
  expect((await inviting.accept(token, { body: signUp })).json).toMatchObject({ code: 'invalid_state', state: 'accepted' })
  expect(logged.join('')).toContain('invalid_state')
  await settle(server.superuser)
  for (const secret of [token, session, signUp.password]) {
    expect(await findText(server.superuser, secret)).toEqual([])
    expect(logged.join('')).not.toContain(secret)
  }
})

test('PR-03 sending again mails a new link; the one in the older mail is void', async () => {
  const made = await send({ email: inviting.newEmail(), role: 'view' })
  const path = `${inviting.toWorkspace(workspace)}/${made.json['id'] as string}/resend`
  const again = await server.as(account.owner)('POST', path)
  expect(again.json).toMatchObject({ id: made.json['id'], delivery: 'mail', token: null, url: null })
  const [older, newer] = mail.mails.splice(0).map(({ text }) => tokenIn(text))
  expect((await inviting.preview(older!)).status).toBe(404)
  expect((await inviting.preview(newer!)).status).toBe(200)
})

test('PR-03 an invitation to an account names the account in its mail', async () => {
  const body = { email: inviting.newEmail(), role: 'billing' }
  expectStatus(await server.as(account.owner)('POST', inviting.toAccount(account), body), 201)
  const [received] = mail.mails.splice(0)
  expect(received!.text).toContain('the account Ada & Söhne on Freehold, with the role `billing`')
})

test('BX-06 a dry run, a refused request and a replayed answer send no mail', async () => {
  const email = inviting.newEmail()
  const dry = await send({ email, role: 'view' }, '?dry_run=true')
  expect(dry.json).toMatchObject({ delivery: 'mail', token: null })
  expect(
    (await server.as(await server.member(workspace.id, 'view'))('POST', inviting.toWorkspace(workspace), { email, role: 'view' })).status,
  ).toBe(403)
  expect(mail.mails).toEqual([])

  const headers = { 'idempotency-key': 'invite-once' }
  const invite = () => server.as(account.owner)('POST', inviting.toWorkspace(workspace), { email, role: 'view' }, headers)
  const [first, second] = [await invite(), await invite()]
  expect(second.json).toEqual(first.json)
  expect(mail.mails.splice(0)).toHaveLength(1)
})

test('PR-03 what the mail server refuses is told as such, and leaves nothing behind', async () => {
  const standing = await send({ email: inviting.newEmail(), role: 'view' })
  const before = await fingerprintOfInvitations()
  mail.behave('refuse')
  const refused = await send({ email: inviting.newEmail(), role: 'view' })
  expect(refused.json).toMatchObject({ status: 409, code: 'conflict', detail: expect.stringContaining('takes no mail for invited-') })
  const again = await server.as(account.owner)('POST', `${inviting.toWorkspace(workspace)}/${standing.json['id'] as string}/resend`)
  expect(again.status).toBe(409)
  expect(await fingerprintOfInvitations()).toEqual(before)
  mail.behave('take')
  // So the link of the mail that did arrive still opens.
  const [received] = mail.mails.splice(0)
  expect((await inviting.preview(tokenIn(received!.text))).status).toBe(200)
})

test('PR-03 a mail server that hangs costs the invitations 503 and nobody else anything', async () => {
  const before = await fingerprintOfInvitations()
  mail.behave('hang')
  const sent = Array.from({ length: 14 }, () => send({ email: inviting.newEmail(), role: 'view' }))
  await waitFor(
    async () => mail.connections(),
    (open) => open > 0,
  )
  const name = { name: 'Renamed meanwhile' }
  const other = await server.as(account.owner)('PATCH', `/v1/accounts/${account.id}`, name)
  expectStatus(other, 200)
  const answer = await Promise.race(sent)
  expect(answer.json).toMatchObject({ status: 503, code: 'unavailable' })
  mail.behave('take')
  const statuses = (await Promise.all(sent)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(4)
  expect(statuses.every((status) => status === 503 || status === 201)).toBe(true)
  const created = statuses.filter((status) => status === 201).length
  expect(mail.mails.splice(0)).toHaveLength(created)
  expect((await fingerprintOfInvitations()).count).toBe(before.count + created)
})

async function fingerprintOfInvitations(): Promise<{ digest: string; count: number }> {
  const tables = await fingerprint(server.superuser, ['hub.throttle'])
  const { rows } = await server.superuser.query<{ count: number }>('select count(*)::int as count from hub.invitation')
  return { digest: `${tables['hub.invitation']} ${tables['hub.relationship']} ${tables['hub.app_user']}`, count: rows[0]!.count }
}
