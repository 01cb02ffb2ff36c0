import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account, Actor, TestWorkspace } from './support/actors.ts'
import { startReader } from './support/race.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

let server: TestServer
let second: TestServer
let account: Account
let rival: Account
let workspace: TestWorkspace

beforeAll(async () => {
  server = await startTestServer()
  second = await startTestServer({}, server)
  account = await server.account()
  rival = await server.account()
  workspace = await server.workspace(account)
})
afterAll(async () => {
  await second.close()
  await server.close()
})

const missingId = '01900000-0000-7000-8000-00000000dead'
const groups = (of = account) => `/v1/accounts/${of.id}/groups`
const asOwner = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.as(account.owner)(method, path, body, headers)

let count = 0
async function group(of = account, more: Record<string, unknown> = {}): Promise<string> {
  const made = await server.as(of.owner)('POST', groups(of), { name: `Group ${++count}`, ...more })
  expectStatus(made, 201)
  return made.json['id'] as string
}

async function member(of = account): Promise<Actor> {
  const person = await server.user()
  await server.relate(`account:${of.id}`, 'member', `user:${person.id}`)
  return person
}

const put = (into: string, kind: 'members' | 'groups', id: string) => asOwner('PUT', `${groups()}/${into}/${kind}/${id}`)
const take = (outOf: string, kind: 'members' | 'groups', id: string) => asOwner('DELETE', `${groups()}/${outOf}/${kind}/${id}`)
const share = (id: string, role: string, of = workspace) => server.relate(`workspace:${of.id}`, role, `group:${id}#member`)
const reads = async (person: Actor, of = workspace) => (await second.as(person)('GET', `/v1/workspaces/${of.id}`)).status

/** Puts things into each other, each call well. */
async function putAll(...calls: [string, 'members' | 'groups', string][]): Promise<void> {
  for (const [into, kind, id] of calls) expectStatus(await put(into, kind, id), 204)
}

/** Both processes know what the owner may do, so that nothing but the write itself takes time. */
async function warmUp(): Promise<void> {
  for (const on of [server, second]) expectStatus(await on.as(account.owner)('GET', groups()), 200)
}

/** The epochs of gates, in the order of their ids. */
async function epochsOf(ids: string[]): Promise<number[]> {
  const { rows } = await server.superuser.query<{ epoch: string }>('select epoch from hub.gate where id = any($1) order by id', [ids])
  expect(rows).toHaveLength(ids.length)
  return rows.map(({ epoch }) => Number(epoch))
}

async function eventOf(requestId: string) {
  const { rows } = await server.superuser.query<Record<string, unknown>>(
    'select action, chain_kind, chain_id, resource_kind, resource_id, resource_label, before, after from hub.audit_event where request_id = $1',
    [requestId],
  )
  expect(rows).toHaveLength(1)
  return rows[0]!
}

async function tuplesOf(id: string): Promise<number> {
  const { rows } = await server.superuser.query<{ count: number }>(
    'select count(*)::int as count from hub.relationship where resource_id = $1 or subject_id = $1',
    [id],
  )
  return rows[0]!.count
}

describe('groups themselves', () => {
  test('PR-03 a group is made, read, changed and listed newest first, and each change is one event in the account’s chain', async () => {
    const own = await server.account()
    const as = server.as(own.owner)
    const body = { name: 'Operations', description: 'On call', claim_value: 'ops' }
    const made = await as('POST', groups(own), body, { 'x-request-id': 'group-create' })
    expectStatus(made, 201)
    expect(made.json).toMatchObject({ ...body, account_id: own.id, members: 0 })
    const path = `${groups(own)}/${made.json['id'] as string}`
    expect((await as('GET', path)).json).toEqual(made.json)
    expect(await eventOf('group-create')).toEqual({
      action: 'group.create',
      chain_kind: 'account',
      chain_id: own.id,
      resource_kind: 'group',
      resource_id: made.json['id'],
      resource_label: 'Operations',
      before: null,
      after: body,
    })

    const changed = await as('PATCH', path, { name: 'Ops', claim_value: null }, { 'x-request-id': 'group-update' })
    expect(changed.json).toMatchObject({ name: 'Ops', description: 'On call', claim_value: null })
    expect(await eventOf('group-update')).toMatchObject({ before: body, after: { name: 'Ops', description: 'On call', claim_value: null } })

    const other = await group(own)
    expect((await as('GET', groups(own))).list.map(({ id }) => id)).toEqual([other, made.json['id']])
  })

  test('PR-03 a name is used once in an account, in any case, also by two at once; other accounts are free to use it', async () => {
    const taken = await group(account, { name: 'Finance' })
    const other = await group()
    for (const answer of [
      await asOwner('POST', groups(), { name: 'FINANCE' }),
      await asOwner('PATCH', `${groups()}/${other}`, { name: 'finance' }),
    ]) {
      expect([answer.status, answer.json['code']]).toEqual([409, 'conflict'])
    }
    expectStatus(await asOwner('PATCH', `${groups()}/${taken}`, { name: 'FINANCE' }), 200)
    await group(rival, { name: 'Finance' })
    const race = await Promise.all([server, second, server, second].map((on) => on.as(account.owner)('POST', groups(), { name: 'Race' })))
    expect(race.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([201, 409, 409, 409])
  })

  test('GF-25 another account’s groups and people answer as those that do not exist, in every place', async () => {
    const [own, theirs, theirPerson] = [await group(), await group(rival), await member(rival)]
    const attempts = (foreignGroup: string, foreignUser: string): [string, string, unknown?][] => [
      ['GET', `${groups()}/${foreignGroup}`],
      ['PATCH', `${groups()}/${foreignGroup}`, { description: 'ours now' }],
      ['DELETE', `${groups()}/${foreignGroup}`],
      ['GET', `${groups()}/${foreignGroup}/members`],
      ['PUT', `${groups()}/${foreignGroup}/members/${account.owner.id}`],
      ['PUT', `${groups()}/${own}/groups/${foreignGroup}`],
      ['PUT', `${groups()}/${foreignGroup}/groups/${own}`],
      ['DELETE', `${groups()}/${own}/groups/${foreignGroup}`],
      ['PUT', `${groups()}/${own}/members/${foreignUser}`],
      ['DELETE', `${groups()}/${own}/members/${foreignUser}`],
    ]
    const missing = attempts(missingId, missingId)
    for (const [index, [method, path, body]] of attempts(theirs, theirPerson.id).entries()) {
      const foreign = await asOwner(method, path, body)
      const absent = await asOwner(...missing[index]!)
      expect([path, foreign.status, foreign.json['detail']]).toEqual([path, 404, absent.json['detail']])
    }
    expect(await tuplesOf(theirs)).toBe(1)
  })

  test('PR-03 who does not administer the account changes no group; who has a role may see them', async () => {
    const [own, person, stranger] = [await group(), await member(), await server.user()]
    const attempts: [string, string, unknown?][] = [
      ['POST', groups(), { name: 'Not mine' }],
      ['PATCH', `${groups()}/${own}`, { name: 'Not mine' }],
      ['DELETE', `${groups()}/${own}`],
      ['PUT', `${groups()}/${own}/members/${person.id}`],
      ['DELETE', `${groups()}/${own}/members/${person.id}`],
      ['PUT', `${groups()}/${own}/groups/${own}`],
      ['DELETE', `${groups()}/${own}/groups/${own}`],
    ]
    for (const [method, path, body] of attempts) {
      expectStatus(await server.as(person)(method, path, body), 403, path)
      for (const outsider of [stranger, rival.owner]) expectStatus(await server.as(outsider)(method, path, body), 404, path)
    }
    expectStatus(await server.as(person)('GET', `${groups()}/${own}/members`), 200)
    expectStatus(await asOwner('POST', groups(), { name: ' spaces ' }), 400)
    expectStatus(await asOwner('PATCH', `${groups()}/${own}`, {}), 400)
  })
})

describe('people in groups', () => {
  test('PR-03 AM-12 what is shared with a group reaches who is put into it, and ends when they are taken out, at once on every process', async () => {
    const [own, person] = [await group(), await member()]
    await share(own, 'edit')
    const rename = () => second.as(person)('PATCH', `/v1/workspaces/${workspace.id}?dry_run=true`, { name: 'x' })
    for (let round = 0; round < 5; round++) {
      expect(await reads(person)).toBe(404)
      expectStatus(await put(own, 'members', person.id), 204)
      expect(await reads(person)).toBe(200)
      expectStatus(await rename(), 403)
      expectStatus(await take(own, 'members', person.id), 204)
    }
    expect(await reads(person)).toBe(404)
    expect((await second.as(person)('GET', '/v1/workspaces')).list).toEqual([])
  })

  test('PR-03 to put in who is in already changes nothing and is recorded; to take out who is not is 404', async () => {
    const [own, person] = [await group(), await member()]
    await putAll([own, 'members', person.id])
    const again = await asOwner('PUT', `${groups()}/${own}/members/${person.id}`, undefined, { 'x-request-id': 'put-again' })
    expectStatus(again, 204)
    expect(await eventOf('put-again')).toMatchObject({
      action: 'group.member_add',
      resource_kind: 'group',
      resource_id: own,
      after: { member: { kind: 'user', id: person.id }, source: 'direct' },
    })
    expect((await asOwner('GET', `${groups()}/${own}`)).json['members']).toBe(1)
    const out = await asOwner('DELETE', `${groups()}/${own}/members/${person.id}`, undefined, { 'x-request-id': 'take-out' })
    expectStatus(out, 204)
    expect(await eventOf('take-out')).toMatchObject({ action: 'group.member_remove', before: { member: { id: person.id } } })
    expectStatus(await take(own, 'members', person.id), 404)
  })

  test('PR-03 only who has a role on the account comes into its groups, also when that role ends at the same moment', async () => {
    const own = await group()
    const outsider = await put(own, 'members', (await server.user()).id)
    expectStatus(outsider, 404)
    expect(outsider.json['detail']).toContain('Add them to the account first')
    for (let round = 0; round < 12; round++) {
      const person = await member()
      await warmUp()
      const [, removed] = await Promise.all([
        put(own, 'members', person.id),
        second.as(account.owner)('DELETE', `/v1/accounts/${account.id}/members/${person.id}`),
      ])
      expectStatus(removed, 204)
      expect(await tuplesOf(person.id)).toBe(0)
    }
  })

  test('PR-03 a group lists people and groups, the newest first, in pages', async () => {
    const [own, child, person] = [await group(), await group(account, { name: 'Inner circle' }), await member()]
    await putAll([own, 'members', person.id])
    await putAll([own, 'groups', child])
    const { list } = await asOwner('GET', `${groups()}/${own}/members`)
    expect(list).toMatchObject([
      { subject_type: 'group', subject_id: child, label: 'Inner circle', email: null, source: 'direct' },
      { subject_type: 'user', subject_id: person.id, email: person.email, source: 'direct' },
    ])
    const first = await asOwner('GET', `${groups()}/${own}/members?limit=1`)
    const next = await asOwner('GET', /<([^>]+)>/.exec(first.headers.get('link')!)![1]!)
    expect([...first.list, ...next.list]).toEqual(list)
    expect(next.headers.get('link')).toBe(null)
  })
})

describe('groups in groups', () => {
  test('PR-03 access through three groups in each other comes and ends with every link, at once on every process', async () => {
    const [outer, middle, inner, person] = [await group(), await group(), await group(), await member()]
    await share(outer, 'view')
    await putAll([outer, 'groups', middle], [middle, 'groups', inner], [inner, 'members', person.id])
    expect(await reads(person)).toBe(200)
    for (const [parent, child] of [[outer, middle] as const, [middle, inner] as const]) {
      expectStatus(await take(parent, 'groups', child), 204)
      expect(await reads(person)).toBe(404)
      expectStatus(await put(parent, 'groups', child), 204)
      expect(await reads(person)).toBe(200)
    }
    expectStatus(await take(inner, 'members', person.id), 204)
    expect(await reads(person)).toBe(404)
  })

  test('PR-03 a link between groups moves the gates of both and of the account, when it comes and when it goes', async () => {
    const [parent, child] = [await group(), await group()]
    for (const act of [put, take]) {
      const before = await epochsOf([account.id, parent, child])
      expectStatus(await act(parent, 'groups', child), 204)
      const after = await epochsOf([account.id, parent, child])
      expect(after.map((epoch, index) => epoch > before[index]!)).toEqual([true, true, true])
    }
  })

  test('PR-03 no circle and no fourth level, wherever it would come from', async () => {
    const [a, b, c, d] = [await group(), await group(), await group(), await group()]
    const invalid = async (parent: string, child: string) => {
      const { status, json } = await put(parent, 'groups', child)
      expect([status, json['code']]).toEqual([409, 'invalid_state'])
    }
    await invalid(a, a)
    await putAll([a, 'groups', b])
    await invalid(b, a)
    await putAll([b, 'groups', c], [b, 'groups', c])
    await invalid(c, a)
    await invalid(c, d)
    await invalid(d, a)
    await putAll([a, 'groups', d], [a, 'groups', c])
    expectStatus(await take(d, 'groups', a), 404)
  })

  test('PR-03 links that are made at once close no circle and make no fourth level', async () => {
    for (let round = 0; round < 12; round++) {
      const [a, b, c, d] = [await group(), await group(), await group(), await group()]
      await warmUp()
      const link = (on: TestServer, parent: string, child: string) => on.as(account.owner)('PUT', `${groups()}/${parent}/groups/${child}`)
      const circle = await Promise.all([link(server, a, b), link(second, b, a)])
      expect(circle.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([204, 409])
      const [top, bottom] = circle[0].status === 204 ? [a, b] : [b, a]
      await warmUp()
      const deep = await Promise.all([link(server, bottom, c), link(second, d, top)])
      expect(deep.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([204, 409])
    }
  })
})

describe('deleting a group', () => {
  test('PR-03 everything that anybody had through it ends at once, in every workspace, and nothing of it is left', async () => {
    const [outer, own, inner] = [await group(), await group(), await group()]
    const [person, innerPerson] = [await member(), await member()]
    const other = await server.workspace(account)
    await putAll([outer, 'groups', own], [own, 'groups', inner], [own, 'members', person.id], [inner, 'members', innerPerson.id])
    await share(own, 'edit')
    await share(own, 'view', other)
    const third = await server.workspace(account)
    await share(outer, 'view', third)
    const places = [workspace, other, third]
    for (const who of [person, innerPerson]) for (const place of places) expect(await reads(who, place)).toBe(200)

    const gates = [account.id, own, outer, inner, person.id, workspace.id, other.id]
    const before = await epochsOf(gates)
    expectStatus(await asOwner('DELETE', `${groups()}/${own}`, undefined, { 'x-request-id': 'group-delete' }), 204)
    for (const who of [person, innerPerson]) for (const place of places) expect(await reads(who, place)).toBe(404)
    const after = await epochsOf(gates)
    expect(after.map((epoch, index) => epoch > before[index]!)).toEqual(gates.map(() => true))
    expect(await tuplesOf(own)).toBe(0)
    expect(await eventOf('group-delete')).toMatchObject({ action: 'group.delete', before: { members: 1 }, after: null })
    expectStatus(await asOwner('GET', `${groups()}/${own}`), 404)
    expectStatus(await asOwner('DELETE', `${groups()}/${own}`), 404)
  })

  test('PR-03 what is shared with a group at the moment of its deletion is not left behind', async () => {
    const other = await server.workspace(account)
    for (let round = 0; round < 8; round++) {
      const own = await group()
      for (const place of [workspace, other]) await share(own, 'view', place)
      const third = await server.workspace(account)
      await warmUp()
      const body = { subject_type: 'group', subject: own, role: 'edit' }
      const [deleted, granted] = await Promise.all([
        asOwner('DELETE', `${groups()}/${own}`),
        second.as(account.owner)('POST', `/v1/workspaces/${third.id}/grants`, body),
      ])
      expectStatus(deleted, 204)
      expect([201, 404]).toContain(granted.status)
      expect(await tuplesOf(own)).toBe(0)
    }
  })

  test('AM-03 no read on another process is let in that begins after the deletion was acknowledged', async () => {
    for (let round = 0; round < 5; round++) {
      const [own, person] = [await group(), await member()]
      await share(own, 'view')
      await putAll([own, 'members', person.id])
      const reader = startReader(`${second.url}/v1/workspaces/${workspace.id}`, person.token)
      await waitFor(
        async () => reader.reads,
        (done) => done >= 20,
      )
      expectStatus(await asOwner('DELETE', `${groups()}/${own}`), 204)
      reader.revoked()
      await waitFor(
        async () => reader.after,
        (done) => done >= 20,
      )
      await reader.stop()
      expect(reader.stale).toBe(0)
    }
  })
})

test('AM-12 who was put in by a claim is out as soon as the group has none, and in for good once put in by hand', async () => {
  const [own, byClaim, byHand] = [await group(account, { claim_value: 'ops' }), await member(), await member()]
  await share(own, 'view')
  for (const person of [byClaim, byHand]) {
    await server.relate(`group:${own}`, 'member', `user:${person.id}`)
    await markClaimed(own)
  }
  await putAll([own, 'members', byHand.id])
  expect((await asOwner('GET', `${groups()}/${own}/members`)).list.map(({ source }) => source as string).toSorted()).toEqual([
    'claim',
    'direct',
  ])
  expectStatus(await asOwner('PATCH', `${groups()}/${own}`, { claim_value: 'other' }), 200)
  expect([await reads(byClaim), await reads(byHand)]).toEqual([200, 200])
  expectStatus(await asOwner('PATCH', `${groups()}/${own}`, { claim_value: null }), 200)
  expect([await reads(byClaim), await reads(byHand)]).toEqual([404, 200])
})

/** Turns all memberships of the group into such as a sign-in makes. */
async function markClaimed(groupId: string): Promise<void> {
  await server.superuser.query(`alter table hub.relationship disable trigger require_record`)
  await server.superuser.query("update hub.relationship set source = 'claim' where resource_id = $1 and relation = 'member'", [groupId])
  await server.superuser.query(`alter table hub.relationship enable trigger require_record`)
}
