import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account, Actor } from './support/actors.ts'
import { auditOf } from './support/database-inspect.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let second: TestServer
let account: Account
let rival: Account

beforeAll(async () => {
  server = await startTestServer()
  second = await startTestServer({}, server)
  account = await server.account()
  rival = await server.account()
})
afterAll(async () => {
  await second.close()
  await server.close()
})

const members = (of = account) => `/v1/accounts/${of.id}/members`
const missingId = '01900000-0000-7000-8000-00000000dead'

/** A person with a role on the account, given by its owner. */
async function member(role: string, of = account): Promise<Actor> {
  const person = await server.user()
  expectStatus(await server.as(of.owner)('POST', members(of), { subject: person.email, role }), 201)
  return person
}

const remove = (caller: Actor, person: Actor, of = account) => server.as(caller)('DELETE', `${members(of)}/${person.id}`)
const change = (caller: Actor, person: Actor, role: string, of = account) =>
  server.as(caller)('PATCH', `${members(of)}/${person.id}`, { role })

async function owners(of: Account, caller: Actor): Promise<string[]> {
  const { list } = await server.as(caller)('GET', members(of))
  return list.filter(({ role }) => role === 'owner').map((owner) => owner['user_id'] as string)
}

const sorted = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted((left, right) => left - right)

async function eventOf(requestId: string) {
  const [event] = (
    await server.superuser.query<Record<string, unknown>>(
      'select action, chain_kind, chain_id, resource_kind, resource_id, resource_label, before, after from hub.audit_event where request_id = $1',
      [requestId],
    )
  ).rows
  return event
}

describe('adding', () => {
  test('PR-03 a person is found by id or by e-mail in any case, has the role at once on every process, and one event tells of it', async () => {
    for (const [index, subjectOf] of [(person: Actor) => person.id, (person: Actor) => ` ${person.email!.toUpperCase()} `].entries()) {
      const person = await server.user('Ada Lovelace')
      const read = () => second.as(person)('GET', `/v1/accounts/${account.id}`)
      expectStatus(await read(), 404)
      const requestId = `add-${index}`
      const body = { subject: subjectOf(person), role: 'billing' }
      const added = await server.as(account.owner)('POST', members(), body, { 'x-request-id': requestId })
      expectStatus(added, 201)
      expect(added.json).toMatchObject({ user_id: person.id, label: 'Ada Lovelace', email: person.email, role: 'billing' })
      expect((await read()).json['permissions']).toEqual(['read', 'manage_billing'])
      expect((await server.as(account.owner)('GET', `${members()}/${person.id}`)).json).toEqual(added.json)
      expect(await eventOf(requestId)).toEqual({
        action: 'account_member.add',
        chain_kind: 'account',
        chain_id: account.id,
        resource_kind: 'account_member',
        resource_id: person.id,
        resource_label: 'Ada Lovelace',
        before: null,
        after: { role: 'billing' },
      })
    }
  })

  test('PR-03 whom nobody knows is 404 and told to be invited; who has a role already is 409', async () => {
    for (const subject of [missingId, 'nobody@example.test', 'not an address', "' or 1=1 --"]) {
      const answer = await server.as(account.owner)('POST', members(), { subject, role: 'member' })
      expectStatus(answer, 404, subject)
      expect(answer.json['detail']).toContain('/invitations')
    }
    const person = await member('member')
    const again = await server.as(account.owner)('POST', members(), { subject: person.id, role: 'admin' })
    expect([again.status, again.json['code']]).toEqual([409, 'conflict'])
    expect((await server.as(person)('GET', `/v1/accounts/${account.id}`)).json['permissions']).toEqual(['read'])
  })

  test('PR-03 of many who add the same person at once one goes through', async () => {
    const person = await server.user()
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 ? server : second).as(account.owner)('POST', members(), { subject: person.id, role: index % 3 ? 'member' : 'admin' }),
      ),
    )
    expect(sorted(answers)).toEqual([201, 409, 409, 409, 409, 409, 409, 409])
  })

  test('PR-03 who does not administer is refused, and a stranger learns nothing', async () => {
    const body = { subject: (await server.user()).id, role: 'member' }
    for (const role of ['billing', 'member']) expectStatus(await server.as(await member(role))('POST', members(), body), 403, role)
    for (const stranger of [rival.owner, await server.user()]) expectStatus(await server.as(stranger)('POST', members(), body), 404)
    expectStatus(await server.as(account.owner)('POST', members(), { ...body, role: 'edit' }), 400)
  })
})

describe('owners', () => {
  test('PR-03 an admin makes, changes and removes anybody but owners', async () => {
    const admin = await member('admin')
    const other = await member('admin')
    const owner = await member('owner')
    expectStatus(await change(admin, other, 'billing'), 200)
    expectStatus(await remove(admin, other), 204)
    const refused = [
      await server.as(admin)('POST', members(), { subject: (await server.user()).id, role: 'owner' }),
      await change(admin, admin, 'owner'),
      await change(admin, owner, 'member'),
      await remove(admin, owner),
    ]
    for (const answer of refused) expect([answer.status, answer.json['permission']]).toEqual([403, 'transfer'])
    expect(await owners(account, admin)).toEqual(expect.arrayContaining([owner.id]))
    expectStatus(await change(owner, admin, 'owner'), 200)
    expectStatus(await change(admin, owner, 'member'), 200)
    expectStatus(await remove(admin, owner), 204)
    expectStatus(await change(account.owner, admin, 'member'), 200)
  })

  test('PR-03 the last owner stays, whether it would step down or go', async () => {
    const own = await server.account()
    for (const answer of [await change(own.owner, own.owner, 'admin', own), await remove(own.owner, own.owner, own)]) {
      expect([answer.status, answer.json['code']]).toEqual([409, 'last_owner'])
    }
    const heir = await member('owner', own)
    expectStatus(await remove(own.owner, own.owner, own), 204)
    expectStatus(await server.as(own.owner)('GET', `/v1/accounts/${own.id}`), 404)
    expect((await remove(heir, heir, own)).json['code']).toBe('last_owner')
  })

  test('PR-03 an account keeps an owner when all of them go or step down at once, on two processes', async () => {
    for (let round = 0; round < 6; round++) {
      const own = await server.account()
      const witness = await member('member', own)
      const all = [own.owner, await member('owner', own), await member('owner', own), await member('owner', own)]
      for (const [index, owner] of all.entries()) expectStatus(await (index % 2 ? server : second).as(owner)('GET', members(own)), 200)
      const answers = await Promise.all(
        all.map((owner, index) =>
          index < 2
            ? (index % 2 ? server : second).as(owner)('DELETE', `${members(own)}/${owner.id}`)
            : (index % 2 ? server : second).as(owner)('PATCH', `${members(own)}/${owner.id}`, { role: 'member' }),
        ),
      )
      expect(answers.filter(({ json }) => json['code'] === 'last_owner')).toHaveLength(1)
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(3)
      expect(await owners(own, witness)).toHaveLength(1)
    }
  })

  test('PR-03 of two owners who remove each other at once one stays, and the other is refused for what it no longer is', async () => {
    for (let round = 0; round < 6; round++) {
      const own = await server.account()
      const other = await member('owner', own)
      const [one, two] = await Promise.all([
        server.as(own.owner)('DELETE', `${members(own)}/${other.id}`),
        second.as(other)('DELETE', `${members(own)}/${own.owner.id}`),
      ])
      expect(sorted([one, two])).toEqual([204, 404])
    }
  })
})

describe('changing and removing', () => {
  test('PR-03 another role counts at once on every process; since when they are there stays', async () => {
    const person = await member('admin')
    const before = (await server.as(account.owner)('GET', `${members()}/${person.id}`)).json
    expectStatus(await second.as(person)('POST', members(), { subject: (await server.user()).id, role: 'member' }), 201)
    const changed = await server.as(account.owner)('PATCH', `${members()}/${person.id}`, { role: 'member' }, { 'x-request-id': 'change' })
    expect(changed.json).toEqual({ ...before, role: 'member' })
    expectStatus(await second.as(person)('POST', members(), { subject: (await server.user()).id, role: 'member' }), 403)
    expect(await eventOf('change')).toMatchObject({ before: { role: 'admin' }, after: { role: 'member' } })
  })

  test('PR-03 who is removed loses the role and the groups of this account at once; their own grants and other accounts stay', async () => {
    const person = await member('member')
    const owned = await server.workspace(account)
    const shared = await server.workspace(account)
    await server.relate(`workspace:${owned.id}`, 'view', `user:${person.id}`)
    const group = (await server.as(account.owner)('POST', `/v1/accounts/${account.id}/groups`, { name: 'Operations' })).json['id'] as string
    expectStatus(await server.as(account.owner)('PUT', `/v1/accounts/${account.id}/groups/${group}/members/${person.id}`), 204)
    await server.relate(`workspace:${shared.id}`, 'edit', `group:${group}#member`)
    expectStatus(await server.as(rival.owner)('POST', members(rival), { subject: person.id, role: 'member' }), 201)
    expectStatus(await second.as(person)('GET', `/v1/workspaces/${shared.id}`), 200)

    const removed = await server.as(account.owner)('DELETE', `${members()}/${person.id}`, undefined, { 'x-request-id': 'remove' })
    expectStatus(removed, 204)
    expectStatus(await second.as(person)('GET', `/v1/workspaces/${shared.id}`), 404)
    expectStatus(await second.as(person)('GET', `/v1/accounts/${account.id}`), 404)
    expectStatus(await second.as(person)('GET', `/v1/workspaces/${owned.id}`), 200)
    expectStatus(await second.as(person)('GET', `/v1/accounts/${rival.id}`), 200)
    expect(await eventOf('remove')).toMatchObject({ before: { role: 'member', groups: [group] }, after: null })
    expect(await auditOf(server.superuser, 'remove')).toHaveLength(1)
  })

  test('PR-03 an admin may remove themselves', async () => {
    const admin = await member('admin')
    expectStatus(await remove(admin, admin), 204)
    expectStatus(await server.as(admin)('GET', `/v1/accounts/${account.id}`), 404)
  })

  test('GF-25 who is of another account, of none, or nobody answers alike', async () => {
    for (const id of [rival.owner.id, (await server.user()).id, missingId]) {
      const answers = [
        await server.as(account.owner)('GET', `${members()}/${id}`),
        await server.as(account.owner)('PATCH', `${members()}/${id}`, { role: 'member' }),
        await server.as(account.owner)('DELETE', `${members()}/${id}`),
      ]
      for (const { status, json } of answers) {
        expect([status, json['detail']]).toEqual([404, 'Nobody with this id has a role on this account. List its members to see who has.'])
      }
    }
  })

  test('BX-06 If-Match holds against the role that was read', async () => {
    const person = await member('member')
    const path = `${members()}/${person.id}`
    const etag = (await server.as(account.owner)('GET', path)).headers.get('etag')!
    const stale = await server.as(account.owner)('PATCH', path, { role: 'admin' }, { 'if-match': '"another"' })
    expectStatus(stale, 412)
    expectStatus(await server.as(account.owner)('PATCH', path, { role: 'billing' }, { 'if-match': etag }), 200)
    expectStatus(await server.as(account.owner)('DELETE', path, undefined, { 'if-match': etag }), 412)
  })
})

test('PR-03 members are listed by name and then by id, in pages of any size, whatever is in the names', async () => {
  const own = await server.account()
  const names = ['zoe', 'Émile', 'adam', 'Adam', '王秀英', `${'🦊'.repeat(70)}b`, `${'🦊'.repeat(70)}a`, 'adam', 'Zoé \\ %_']
  for (const name of names) {
    const person = await server.user(name)
    await server.relate(`account:${own.id}`, 'member', `user:${person.id}`)
  }
  const whole = (await server.as(own.owner)('GET', members(own))).list
  expect(whole).toHaveLength(names.length + 1)
  expect(whole.slice(0, 3).map(({ label }) => (label as string).toLowerCase())).toEqual(['adam', 'adam', 'adam'])
  const ids = whole.map((person) => person['user_id'] as string)
  expect(ids.slice(0, 3)).toEqual(ids.slice(0, 3).toSorted())
  for (const limit of [1, 3]) {
    const seen: string[] = []
    for (let path: string | undefined = `${members(own)}?limit=${limit}`; path !== undefined;) {
      const page = await server.as(own.owner)('GET', path)
      expectStatus(page, 200)
      seen.push(...page.list.map((person) => person['user_id'] as string))
      path = /<([^>]+)>/.exec(page.headers.get('link') ?? '')?.[1]
    }
    expect(seen).toEqual(ids)
  }
})
