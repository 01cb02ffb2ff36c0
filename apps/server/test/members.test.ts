import { createMemoryReader, productEngine, type Relationship } from '@freehold/authz'
import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account, Actor, TestWorkspace } from './support/actors.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

type Member = {
  subject_id: string
  label: string
  role: string
  through: { kind: string; id: string; label: string }[]
  last_active_at: string | null
}

let server: TestServer
let account: Account
beforeAll(async () => {
  server = await startTestServer()
  account = await server.account('Acme')
})
afterAll(() => server.close())

const read = (of: TestWorkspace, query = '', by: Actor = of.owner): Promise<Answer> =>
  server.as(by)('GET', `/v1/workspaces/${of.id}/members${query}`)

async function membersOf(of: TestWorkspace, query = ''): Promise<Member[]> {
  const answer = await read(of, query)
  expectStatus(answer, 200)
  return answer.list as unknown as Member[]
}

async function colleague(name: string): Promise<Actor> {
  const person = await server.user(name)
  await server.relate(`account:${account.id}`, 'member', `user:${person.id}`)
  return person
}

async function group(name: string, ...people: Actor[]): Promise<string> {
  const made = await server.as(account.owner)('POST', `/v1/accounts/${account.id}/groups`, { name })
  expectStatus(made, 201)
  const id = made.json['id'] as string
  for (const { id: person } of people)
    expectStatus(await server.as(account.owner)('PUT', `/v1/accounts/${account.id}/groups/${id}/members/${person}`), 204)
  return id
}

async function share(
  of: TestWorkspace,
  subject_type: string,
  subject: string,
  role: string,
  expires_at: string | null = null,
): Promise<string> {
  const made = await server.as(of.owner)('POST', `/v1/workspaces/${of.id}/grants`, { subject_type, subject, role, expires_at })
  expectStatus(made, 201)
  return made.json['id'] as string
}

test('PR-03 everybody who has access is there once, with the highest role and every way that leads to one', async () => {
  const of = await server.workspace(account)
  const [ada, bob, cleo, dora] = [await colleague('Ada'), await colleague('Bob'), await colleague('Cleo'), await server.user('Dora')]
  const inner = await group('Inner', cleo)
  const outer = await group('Outer', ada, bob)
  expectStatus(await server.as(account.owner)('PUT', `/v1/accounts/${account.id}/groups/${outer}/groups/${inner}`), 204)
  const grant = await share(of, 'user', ada.id, 'view')
  const lent = await share(of, 'user', dora.id, 'edit', new Date(Date.now() + 60_000).toISOString())
  await share(of, 'group', outer, 'edit')
  await share(of, 'group', inner, 'admin')
  await server.relate(`account:${account.id}`, 'admin', `user:${bob.id}`)
  await server.relate(`account:${account.id}`, 'billing', `user:${(await server.user('Bill')).id}`)

  const [through, innerThrough] = [
    { kind: 'group', id: outer, label: 'Outer' },
    { kind: 'group', id: inner, label: 'Inner' },
  ]
  const acme = { kind: 'account', id: account.id, label: 'Acme' }
  const found = await membersOf(of)
  const { label: ownersName } = found.find(({ subject_id }) => subject_id === of.owner.id)!
  const ownersGrant = (await server.as(of.owner)('GET', `/v1/workspaces/${of.id}/grants`)).list.at(-1)!['id']
  const one = { subject_type: 'user', last_active_at: null }
  expect(found.map((member) => ({ ...member, last_active_at: null }))).toEqual([
    {
      ...one,
      subject_id: ada.id,
      email: ada.email,
      label: 'Ada',
      role: 'edit',
      through: [{ kind: 'direct', id: grant, label: 'view' }, through],
    },
    { ...one, subject_id: bob.id, email: bob.email, label: 'Bob', role: 'admin', through: [through, acme] },
    { ...one, subject_id: cleo.id, email: cleo.email, label: 'Cleo', role: 'admin', through: [innerThrough, through] },
    { ...one, subject_id: dora.id, email: dora.email, label: 'Dora', role: 'edit', through: [{ kind: 'direct', id: lent, label: 'edit' }] },
    {
      ...one,
      subject_id: of.owner.id,
      email: of.owner.email,
      label: ownersName,
      role: 'owner',
      through: [{ kind: 'direct', id: ownersGrant, label: 'owner' }, acme],
    },
  ])
  await server.unrelate(`account:${account.id}`, 'admin', `user:${bob.id}`)
})

test('AM-03 an expired grant gives nothing and is nobody’s access', async () => {
  const of = await server.workspace(account)
  const person = await server.user()
  await server.relate(`workspace:${of.id}`, 'edit', `user:${person.id}`, new Date(Date.now() - 1000))
  expect((await membersOf(of)).map(({ subject_id }) => subject_id)).toEqual([of.owner.id])
  expect((await server.as(of.owner)('GET', `/v1/workspaces/${of.id}/grants`)).list).toHaveLength(2)
})

test('PR-03 who may read the workspace sees the members, and nobody else does', async () => {
  const of = await server.workspace(account)
  const viewer = await server.member(of.id, 'view')
  const key = await server.apiKey(of, 'view')
  for (const by of [viewer, key]) expect((await read(of, '', by)).list).toHaveLength(2)
  const stranger = await server.workspace()
  const [foreign, missing] = [await read(of, '', stranger.owner), await read({ ...of, id: newId() }, '', stranger.owner)]
  expect([foreign.status, foreign.json['detail']]).toEqual([404, missing.json['detail']])
})

test('PR-03 members are ordered by name in pages of any size, and filtered by a part of the name or e-mail', async () => {
  const of = await server.workspace(account)
  const longest = 'x'.repeat(80)
  const names = [
    'Zoë',
    'adam',
    'Ångström',
    'same',
    'same',
    'same',
    '100%_sure',
    '100 sure',
    '名前 '.repeat(24) + '終',
    `${longest}1`,
    `${longest}0`,
    '👩‍🚀'.repeat(9),
  ]
  for (const name of names) await server.relate(`workspace:${of.id}`, 'view', `user:${(await server.user(name)).id}`)
  const whole = await membersOf(of)
  expect(whole).toHaveLength(names.length + 1)
  for (const limit of [1, 2, 5]) {
    const paged: Member[] = []
    for (let path: string | null = `/v1/workspaces/${of.id}/members?limit=${limit}`; path;) {
      const page = await server.as(of.owner)('GET', path)
      expectStatus(page, 200, path)
      expect(page.list.length).toBeLessThanOrEqual(limit)
      paged.push(...(page.list as unknown as Member[]))
      path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? null
    }
    expect(paged.map(({ subject_id }) => subject_id)).toEqual(whole.map(({ subject_id }) => subject_id))
  }
  const labels = whole.map(({ label }) => label)
  expect(labels.indexOf('adam')).toBeLessThan(labels.indexOf('same'))
  expect(labels.indexOf('same')).toBeLessThan(labels.indexOf('Zoë'))

  const found = async (q: string) => (await membersOf(of, `?q=${encodeURIComponent(q)}`)).map(({ label }) => label)
  expect(await found('%_')).toEqual(['100%_sure'])
  expect(await found(' SAM')).toEqual(['same', 'same', 'same'])
  expect(await found('名前')).toHaveLength(1)
  expect(await found(of.owner.email!)).toHaveLength(1)
  expect(await found('nobody like that')).toEqual([])
  expect(await found(' ')).toHaveLength(whole.length)
})

test('PR-03 last active is when a person last asked for something of this workspace; written beside the requests', async () => {
  const [of, other] = [await server.workspace(account), await server.workspace(account)]
  const [busy, idle] = [await server.member(of.id, 'view'), await server.member(of.id, 'view')]
  await server.relate(`workspace:${other.id}`, 'view', `user:${busy.id}`)
  const lastActive = async (on: TestWorkspace, { id }: Actor) =>
    (await membersOf(on)).find(({ subject_id }) => subject_id === id)!.last_active_at
  for (const person of [busy, idle]) expectStatus(await server.as(person)('GET', '/v1/workspaces'), 200)
  const startedAt = Date.now()
  expectStatus(await read(of, '', busy), 200)
  const at = await waitFor(
    () => lastActive(of, busy),
    (time) => time !== null,
  )
  expect(Date.parse(at!)).toBeGreaterThanOrEqual(startedAt)
  expect([await lastActive(of, idle), await lastActive(other, busy)]).toEqual([null, null])
})

// The same question to the engine that decides requests, over tuples made at random.
test('PR-03 the members are exactly those whom the engine lets read, each with the role that it gives them', async () => {
  const of = await server.workspace(account)
  const random = generator(20_260_301)
  const people = await Promise.all(Array.from({ length: 10 }, async () => (await server.user()).id))
  const groups: string[] = []
  for (let count = 0; count < 6; count++) groups.push(await group(`Random ${newId()}`))
  const kept = tuplesAround(of)
  let seen = 0
  for (let round = 0; round < 60; round++) {
    const tuples = distinct(Array.from({ length: 4 + random(26) }, () => randomTuple(random, { of, people, groups })))
    await replaceTuples(of, groups, kept, tuples)
    const reader = createMemoryReader([...kept, ...tuples])
    const expected: Record<string, string> = {}
    for (const id of [...people, of.owner.id]) {
      const resource = { type: 'workspace', id: of.id }
      const { permissions } = await productEngine().permissionsOn(reader, { type: 'user', id }, resource, new Date())
      const role = (['transfer', 'administer', 'write', 'read'] as const).find((permission) => permissions.has(permission))
      if (role) expected[id] = { transfer: 'owner', administer: 'admin', write: 'edit', read: 'view' }[role]
    }
    const found = await membersOf(of)
    expect([round, Object.fromEntries(found.map(({ subject_id, role }) => [subject_id, role]))]).toEqual([round, expected])
    seen += found.length
  }
  expect(seen).toBeGreaterThan(120)
})

type World = { of: TestWorkspace; people: string[]; groups: string[] }
type Random = (below: number) => number

function randomTuple(random: Random, { of, people, groups }: World): Relationship {
  const pick = <One>(from: readonly One[]): One => from[random(from.length)]!
  const person = () => ({ type: 'user', id: pick(people) })
  const anybody = () => (random(2) ? person() : { type: 'group', id: pick(groups), relation: 'member' })
  const ends = pick([null, null, new Date(Date.now() - 60_000), new Date(Date.now() + 600_000)])
  switch (random(6)) {
    case 0:
      return {
        resource: { type: 'account', id: account.id },
        relation: pick(['billing', 'member', 'admin']),
        subject: anybody(),
        expiresAt: null,
      }
    case 1:
      return { resource: { type: 'workspace', id: of.id }, relation: 'owner', subject: person(), expiresAt: null }
    case 2:
    case 3:
      return { resource: { type: 'workspace', id: of.id }, relation: pick(['admin', 'edit', 'view']), subject: anybody(), expiresAt: ends }
    default:
      return { resource: { type: 'group', id: pick(groups) }, relation: 'member', subject: anybody(), expiresAt: null }
  }
}

const keyOf = ({ resource, relation, subject }: Relationship) => JSON.stringify([resource, relation, subject])
const distinct = (tuples: Relationship[]) => [...new Map(tuples.map((tuple) => [keyOf(tuple), tuple])).values()]

/** What the workspace and its account rest on: their parent and owners. */
function tuplesAround(of: TestWorkspace): Relationship[] {
  const user = { type: 'user', id: of.owner.id }
  return [
    { resource: { type: 'workspace', id: of.id }, relation: 'account', subject: { type: 'account', id: account.id }, expiresAt: null },
    { resource: { type: 'workspace', id: of.id }, relation: 'owner', subject: user, expiresAt: null },
    { resource: { type: 'account', id: account.id }, relation: 'owner', subject: user, expiresAt: null },
  ]
}

async function replaceTuples(of: TestWorkspace, groups: string[], kept: Relationship[], tuples: Relationship[]): Promise<void> {
  const { superuser } = server
  const rows = [...kept, ...tuples].map(({ resource, relation, subject, expiresAt }) => ({
    id: newId(),
    source: 'direct',
    resource_type: resource.type,
    resource_id: resource.id,
    relation,
    subject_type: subject.type,
    subject_id: subject.id,
    subject_relation: subject.relation ?? '',
    expires_at: expiresAt,
    created_at: new Date(),
  }))
  await superuser.query("begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  await superuser.query("delete from hub.relationship where resource_id = any ($1) and resource_type <> 'environment'", [
    [of.id, account.id, ...groups],
  ])
  await superuser.query('insert into hub.relationship select * from jsonb_populate_recordset(null::hub.relationship, $1)', [
    JSON.stringify(rows),
  ])
  await superuser.query('commit')
}

/** Numbers below a bound, the same for the same seed (mulberry32). */
function generator(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
