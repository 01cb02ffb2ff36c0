import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account, Actor, TestWorkspace } from './support/actors.ts'
import { auditOf } from './support/database-inspect.ts'
import { openEvents } from './support/event-stream.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

const cutWithinMs = 5000

let server: TestServer
let second: TestServer
let account: Account
let workspace: TestWorkspace
let grants: string

beforeAll(async () => {
  server = await startTestServer()
  second = await startTestServer({}, server)
  account = await server.account()
  workspace = await server.workspace(account)
  grants = `/v1/workspaces/${workspace.id}/grants`
})
afterAll(async () => {
  await second.close()
  await server.close()
})

const owner = (): Actor => workspace.owner
const share = (by: Actor, body: Record<string, unknown>, on = grants) => server.as(by)('POST', on, { subject_type: 'user', ...body })
const idOf = ({ json }: Answer) => json['id'] as string
const statusFor = async (actor: Actor, at = server) => (await at.as(actor)('GET', `/v1/workspaces/${workspace.id}`)).status
const inHalfAnHour = () => new Date(Date.now() + 1_800_000).toISOString()

async function group(name = `Group ${newId()}`, of = account): Promise<string> {
  const made = await server.as(of.owner)('POST', `/v1/accounts/${of.id}/groups`, { name })
  expectStatus(made, 201)
  return idOf(made)
}

async function join(groupId: string, person: Actor): Promise<void> {
  expectStatus(await server.as(account.owner)('PUT', `/v1/accounts/${account.id}/groups/${groupId}/members/${person.id}`), 204)
}

/** A person of the account, who reaches none of its workspaces by that. */
async function colleague(): Promise<Actor> {
  const person = await server.user()
  await server.relate(`account:${account.id}`, 'member', `user:${person.id}`)
  return person
}

/** The grants of one subject, as the list shows them. */
async function grantsOf(subjectId: string) {
  return (await server.as(owner())('GET', grants)).list.filter((grant) => grant['subject_id'] === subjectId)
}

test('AM-03 a workspace is shared with a person by id or by e-mail in any case, and they reach it with that role from the next request on', async () => {
  const [byId, byEmail] = [await server.user('Ada'), await server.user('Bob')]
  expect(await statusFor(byId)).toBe(404)
  const made = await server.as(owner())(
    'POST',
    grants,
    { subject_type: 'user', subject: byId.id, role: 'view' },
    { 'x-request-id': 'share-1' },
  )
  expectStatus(made, 201)
  expect(made.json).toMatchObject({
    subject_type: 'user',
    subject_id: byId.id,
    label: 'Ada',
    role: 'view',
    expires_at: null,
    created_by: owner().id,
  })
  expectStatus(await share(owner(), { subject: ` ${byEmail.email!.toUpperCase()} `, role: 'edit' }), 201)

  expect([await statusFor(byId), await statusFor(byEmail), await statusFor(byEmail, second)]).toEqual([200, 200, 200])
  const mayRename = await server.as(byEmail)('PATCH', `/v1/workspaces/${workspace.id}?dry_run=true`, { name: 'x' })
  expect(mayRename.status).toBe(403)
  expect((await auditOf(server.superuser, 'share-1')).map(({ action }) => action)).toEqual(['grant.create'])
  const read = await server.as(owner())('GET', `${grants}/${idOf(made)}`)
  expect(read.json).toEqual(made.json)
  expect((await server.as(owner())('GET', grants)).list[1]).toEqual(made.json)
})

test('AM-03 a workspace is shared with a group of its account, and with no other', async () => {
  const [groupId, person] = [await group('Crew'), await colleague()]
  await join(groupId, person)
  expect(await statusFor(person)).toBe(404)
  const made = await share(owner(), { subject_type: 'group', subject: groupId, role: 'edit' })
  expectStatus(made, 201)
  expect(made.json).toMatchObject({ subject_type: 'group', subject_id: groupId, label: 'Crew', role: 'edit' })
  expect([await statusFor(person), await statusFor(person, second)]).toEqual([200, 200])

  expectStatus(await server.as(account.owner)('DELETE', `/v1/accounts/${account.id}/groups/${groupId}/members/${person.id}`), 204)
  expect(await statusFor(person, second)).toBe(404)
  await join(groupId, person)
  expect(await statusFor(person, second)).toBe(200)
  expectStatus(await server.as(owner())('DELETE', `${grants}/${idOf(made)}`), 204)
  expect(await statusFor(person, second)).toBe(404)

  const foreign = await share(owner(), { subject_type: 'group', subject: await group('Theirs', await server.account()), role: 'view' })
  const missing = await share(owner(), { subject_type: 'group', subject: newId(), role: 'view' })
  const named = await share(owner(), { subject_type: 'group', subject: 'Crew', role: 'view' })
  for (const answer of [foreign, missing, named]) expectStatus(answer, 404)
  expect(foreign.json['detail']).toBe(missing.json['detail'])
  expectStatus(await share(owner(), { subject_type: 'group', subject: await group(), role: 'owner' }), 400)
})

test('AM-03 who is unknown here is answered 404 with what to do', async () => {
  for (const subject of ['nobody@example.test', newId(), 'not an address']) {
    const answer = await share(owner(), { subject, role: 'view' })
    expectStatus(answer, 404, subject)
    expect(answer.json['detail']).toContain('Invite them')
  }
})

test('AM-03 a subject has one grant: a second is 409 and names the first', async () => {
  const person = await server.user()
  const first = await share(owner(), { subject: person.id, role: 'view' })
  const again = await share(owner(), { subject: person.email, role: 'edit' })
  expectStatus(again, 409)
  expect([again.json['code'], again.json['grant_id']]).toEqual(['conflict', idOf(first)])

  const other = await server.user()
  const raced = await Promise.all(['view', 'edit', 'admin'].map((role) => share(owner(), { subject: other.id, role })))
  expect(raced.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409', '409'])
  expect(await grantsOf(other.id)).toHaveLength(1)
})

test('AM-03 a changed role counts from the next request on and keeps its id; If-Match holds it to what was read', async () => {
  const person = await server.user()
  const made = await share(owner(), { subject: person.id, role: 'admin', expires_at: inHalfAnHour() })
  const path = `${grants}/${idOf(made)}`
  const rename = () => second.as(person)('PATCH', `/v1/workspaces/${workspace.id}?dry_run=true`, { name: 'x' })
  expectStatus(await rename(), 200)
  const { headers } = await server.as(owner())('GET', path)
  const etag = headers.get('etag')!
  const changed = await server.as(owner())('PATCH', path, { role: 'view' }, { 'if-match': etag, 'x-request-id': 'change-1' })
  expectStatus(changed, 200)
  expect(changed.json).toEqual({ ...made.json, role: 'view' })
  expectStatus(await rename(), 403)
  expectStatus(await server.as(owner())('PATCH', path, { role: 'edit' }, { 'if-match': etag }), 412)
  const [event] = await auditOf(server.superuser, 'change-1')
  expect(event!.action).toBe('grant.update')
  expect((await server.as(owner())('PATCH', path, { expires_at: null })).json).toEqual({ ...made.json, role: 'view', expires_at: null })
  expect(await grantsOf(person.id)).toHaveLength(1)
})

test('AM-03 nobody grants more than they hold: only owners make, change or remove an owner', async () => {
  const [admin, editor, person] = [
    await server.member(workspace.id, 'admin'),
    await server.member(workspace.id, 'edit'),
    await server.user(),
  ]
  const key = await server.apiKey(workspace, 'admin')
  const [ownersGrant] = await grantsOf(owner().id)
  for (const by of [admin, key]) {
    const made = await share(by, { subject: person.id, role: 'admin' })
    expectStatus(made, 201)
    expect(made.json['created_by']).toBe(by === key ? null : admin.id)
    for (const refused of [
      await server.as(by)('PATCH', `${grants}/${idOf(made)}`, { role: 'owner' }),
      await share(by, { subject: (await server.user()).id, role: 'owner' }),
      await server.as(by)('PATCH', `${grants}/${String(ownersGrant!['id'])}`, { role: 'admin' }),
      await server.as(by)('DELETE', `${grants}/${String(ownersGrant!['id'])}`),
    ]) {
      expectStatus(refused, 403)
      expect(refused.json['permission']).toBe('transfer')
    }
    expectStatus(await server.as(by)('DELETE', `${grants}/${idOf(made)}`), 204)
  }
  expectStatus(await share(editor, { subject: person.id, role: 'view' }), 403)
  expect(await statusFor(person)).toBe(404)
})

test('GF-25 a grant of another workspace answers as one that does not exist', async () => {
  const rival = await server.workspace()
  const [theirs] = (await server.as(rival.owner)('GET', `/v1/workspaces/${rival.id}/grants`)).list
  const answersFor = (id: string) =>
    Promise.all([
      server.as(owner())('GET', `${grants}/${id}`),
      server.as(owner())('PATCH', `${grants}/${id}`, { role: 'view' }),
      server.as(owner())('DELETE', `${grants}/${id}`),
    ])
  const [foreign, missing] = [await answersFor(String(theirs!['id'])), await answersFor(newId())]
  expect(foreign.map(({ status, json }) => [status, json['detail']])).toEqual(missing.map(({ json }) => [404, json['detail']]))
})

test('AM-03 a grant with an end gives nothing from then on, and is listed until somebody removes it', async () => {
  const person = await server.user()
  for (const expires_at of ['2020-01-01T00:00:00.000Z', new Date().toISOString()]) {
    const late = await share(owner(), { subject: person.id, role: 'view', expires_at })
    expectStatus(late, 400)
    expect(late.json['errors']).toEqual([{ pointer: '/body/expires_at', message: 'must be in the future' }])
  }
  expectStatus(await share(owner(), { subject: person.id, role: 'owner', expires_at: inHalfAnHour() }), 400)

  const expiresAt = new Date(Date.now() + 1500).toISOString()
  const made = await share(owner(), { subject: person.id, role: 'view', expires_at: expiresAt })
  expectStatus(made, 201)
  expect(await statusFor(person)).toBe(200)
  await waitFor(
    () => statusFor(person),
    (status) => status === 404,
  )
  expect(await grantsOf(person.id)).toEqual([made.json])
  expectStatus(await server.as(owner())('DELETE', `${grants}/${idOf(made)}`), 204)
  expect(await grantsOf(person.id)).toEqual([])
})

test('AM-03 a revoked grant opens nothing on any process, and its open streams are cut within 5 s', async () => {
  const quiet = await server.workspace(account)
  const at = `/v1/workspaces/${quiet.id}/grants`
  const [person, crew] = [await colleague(), await group()]
  await join(crew, person)
  const made = [
    await share(owner(), { subject: person.id, role: 'view' }, at),
    await share(owner(), { subject_type: 'group', subject: crew, role: 'edit' }, at),
  ]
  const streams = [await openEvents(second, `/v1/workspaces/${quiet.id}/audit/events`, person)]
  for (const [index, grant] of made.entries()) {
    expect((await second.as(person)('GET', `/v1/workspaces/${quiet.id}`)).status).toBe(200)
    expectStatus(await server.as(owner())('DELETE', `${at}/${idOf(grant)}`, undefined, { 'x-request-id': `revoke-${index}` }), 204)
    expect((await auditOf(server.superuser, `revoke-${index}`)).map(({ action }) => action)).toEqual(['grant.revoke'])
  }
  const revokedAt = Date.now()
  expect((await second.as(person)('GET', `/v1/workspaces/${quiet.id}`)).status).toBe(404)
  expect((await second.as(person)('GET', '/v1/workspaces')).list).toEqual([])
  for (const stream of streams) expect((await stream.ended(cutWithinMs + 5000)) - revokedAt).toBeLessThan(cutWithinMs)
})

test('GF-10 a frozen workspace gives nobody more, and access can still be taken away', async () => {
  const cold = await server.workspace(account)
  const at = `/v1/workspaces/${cold.id}/grants`
  const person = await server.user()
  const made = await share(owner(), { subject: person.id, role: 'view' }, at)
  expectStatus(await server.as(owner())('PATCH', `/v1/workspaces/${cold.id}/status`, { status: 'frozen' }), 200)
  expectStatus(await share(owner(), { subject: (await server.user()).id, role: 'view' }, at), 423)
  expectStatus(await server.as(owner())('PATCH', `${at}/${idOf(made)}`, { role: 'edit' }), 423)
  expectStatus(await server.as(owner())('POST', `/v1/workspaces/${cold.id}/transfer-ownership`, { subject: person.id }), 423)
  expectStatus(await server.as(owner())('DELETE', `${at}/${idOf(made)}`), 204)
  expect((await server.as(person)('GET', `/v1/workspaces/${cold.id}`)).status).toBe(404)
})
