import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor, TestWorkspace } from './support/actors.ts'
import { auditOf } from './support/database-inspect.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

let server: TestServer
let second: TestServer
beforeAll(async () => {
  server = await startTestServer()
  second = await startTestServer({}, server)
})
afterAll(async () => {
  await second.close()
  await server.close()
})

/** A workspace whose owner has nothing by the account: an operator made it in theirs and handed it over. */
async function ownedBy(...owners: Actor[]): Promise<TestWorkspace> {
  const made = await server.workspace()
  for (const owner of owners) await server.relate(`workspace:${made.id}`, 'owner', `user:${owner.id}`)
  await server.unrelate(`workspace:${made.id}`, 'owner', `user:${made.owner.id}`)
  return { ...made, owner: owners[0]! }
}

const pathOf = ({ id }: TestWorkspace) => `/v1/workspaces/${id}`
const grantsOf = async (of: TestWorkspace) => (await server.as(of.owner)('GET', `${pathOf(of)}/grants`)).list
const transfer = (of: TestWorkspace, by: Actor, body: Record<string, unknown>, headers?: Record<string, string>) =>
  server.as(by)('POST', `${pathOf(of)}/transfer-ownership`, body, headers)

/** Roles by person, as the superuser sees the tuples. */
async function rolesIn({ id }: TestWorkspace): Promise<Record<string, string>> {
  const { rows } = await server.superuser.query<{ subject_id: string; relation: string }>(
    "select subject_id, relation from hub.relationship where resource_id = $1 and subject_type = 'user'",
    [id],
  )
  return Object.fromEntries(rows.map((row) => [row.subject_id, row.relation]))
}

async function grantIdOf(of: TestWorkspace, { id }: Actor): Promise<string> {
  return (await grantsOf(of)).find((grant) => grant['subject_id'] === id)!['id'] as string
}

test('PR-02 the creator is the owner', async () => {
  const made = await server.workspace()
  expect(await rolesIn(made)).toEqual({ [made.owner.id]: 'owner' })
  expect(await grantsOf(made)).toMatchObject([{ subject_id: made.owner.id, role: 'owner', expires_at: null, created_by: made.owner.id }])
})

test('PR-02 an owner hands the workspace over, keeps the role that they choose, and one event tells it', async () => {
  for (const [keep_role, kept] of [
    [undefined, 'admin'],
    ['view', 'view'],
    [null, undefined],
  ] as const) {
    const [from, to] = [await server.user(), await server.user('Heir')]
    const of = await ownedBy(from)
    const requestId = `transfer-${String(keep_role)}`
    const done = await transfer(
      of,
      from,
      { subject: to.email, ...(keep_role !== undefined && { keep_role }) },
      { 'x-request-id': requestId },
    )
    expectStatus(done, 200)
    expect(done.json).toMatchObject({ subject_id: to.id, label: 'Heir', role: 'owner', expires_at: null, created_by: from.id })
    expect(await rolesIn(of)).toEqual({ [to.id]: 'owner', ...(kept && { [from.id]: kept }) })
    expect((await auditOf(server.superuser, requestId)).map(({ action }) => action)).toEqual(['workspace.transfer'])
    expectStatus(await second.as(from)('POST', `${pathOf(of)}/transfer-ownership`, { subject: to.id }), kept ? 403 : 404)
  }
})

test('PR-02 a transfer replaces whatever grant the new owner had, under its id, and leaves other owners', async () => {
  const [from, to, other] = [await server.user(), await server.user(), await server.user()]
  const of = await ownedBy(from, other)
  const lent = await server.as(from)('POST', `${pathOf(of)}/grants`, {
    subject_type: 'user',
    subject: to.id,
    role: 'view',
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  })
  const done = await transfer(of, from, { subject: to.id })
  expect(done.json).toEqual({ ...lent.json, role: 'owner', expires_at: null })
  expect(await rolesIn(of)).toEqual({ [from.id]: 'admin', [to.id]: 'owner', [other.id]: 'owner' })

  const stepsDown = await transfer(of, to, { subject: other.id, keep_role: null })
  expectStatus(stepsDown, 200)
  expect(await rolesIn(of)).toEqual({ [from.id]: 'admin', [other.id]: 'owner' })
})

test('PR-02 only an owner transfers: not an admin, not who administers the account, not a key; and not to nobody', async () => {
  const owner = await server.user()
  const of = await ownedBy(owner)
  const heir = await server.user()
  const accountAdmin = await server.user()
  await server.relate(`account:${of.accountId}`, 'admin', `user:${accountAdmin.id}`)
  for (const by of [await server.member(of.id, 'admin'), accountAdmin, await server.apiKey(of, 'admin')]) {
    const refused = await transfer(of, by, { subject: heir.id })
    expectStatus(refused, 403)
    expect(refused.json['permission']).toBe('transfer')
  }
  expectStatus(await transfer(of, await server.user(), { subject: heir.id }), 404)
  expectStatus(await transfer(of, owner, { subject: 'nobody@example.test' }), 404)
  expectStatus(await transfer(of, owner, { subject: owner.id }), 400)
  expectStatus(await transfer(of, owner, { subject: heir.id, keep_role: 'owner' }), 400)
  expect(await rolesIn(of)).not.toHaveProperty(heir.id)
})

test('AM-03 the last owner stays, whatever is tried', async () => {
  const owner = await server.user()
  const of = await ownedBy(owner)
  const path = `${pathOf(of)}/grants/${await grantIdOf(of, owner)}`
  const refused = [await server.as(owner)('DELETE', path), await server.as(owner)('PATCH', path, { role: 'admin' })]
  expect(refused.map(({ status, json }) => [status, json['code']])).toEqual([
    [409, 'last_owner'],
    [409, 'last_owner'],
  ])
  expectStatus(await server.as(owner)('PATCH', path, { expires_at: new Date(Date.now() + 60_000).toISOString() }), 400)

  const lent = await server.as(owner)('POST', `${pathOf(of)}/grants`, {
    subject_type: 'user',
    subject: (await server.user()).id,
    role: 'admin',
  })
  const second = await server.as(owner)('PATCH', `${pathOf(of)}/grants/${String(lent.json['id'])}`, { role: 'owner' })
  expectStatus(second, 200)
  expectStatus(await server.as(owner)('PATCH', path, { role: 'edit' }), 200)
  expect(Object.values(await rolesIn(of)).toSorted()).toEqual(['edit', 'owner'])
})

test('AM-03 a grant that is made to an owner loses its end', async () => {
  const owner = await server.user()
  const of = await ownedBy(owner)
  const subject = (await server.user()).id
  const expires_at = new Date(Date.now() + 60_000).toISOString()
  const lent = await server.as(owner)('POST', `${pathOf(of)}/grants`, { subject_type: 'user', subject, role: 'view', expires_at })
  const changed = await server.as(owner)('PATCH', `${pathOf(of)}/grants/${String(lent.json['id'])}`, { role: 'owner' })
  expect(changed.json).toEqual({ ...lent.json, role: 'owner', expires_at: null })
})

test('AM-03 owners who remove each other at once, on two processes, leave one', async () => {
  const outcomes: Record<string, number> = {}
  for (let round = 0; round < 6; round++) {
    const owners = [await server.user(), await server.user(), await server.user()]
    const of = await ownedBy(...owners)
    const ids = await Promise.all(owners.map((owner) => grantIdOf(of, owner)))
    // Each of three removes the next; every other round they leave by themselves, which one of them must not.
    const target = (index: number) => ids[round % 2 === 0 ? (index + 1) % 3 : index]!
    const removing = owners.map((owner, index): Promise<Answer> => {
      const on = index % 2 === 0 ? server : second
      return on.as(owner)('DELETE', `${pathOf(of)}/grants/${target(index)}`)
    })
    for (const { status } of await Promise.all(removing)) outcomes[status] = (outcomes[status] ?? 0) + 1
    expect(Object.values(await rolesIn(of)).filter((role) => role === 'owner').length).toBeGreaterThan(0)
  }
  expect(Object.keys(outcomes).filter((status) => !['204', '403', '404', '409'].includes(status))).toEqual([])
  expect(outcomes['409']).toBeGreaterThan(0)
})

test('AM-03 who loses the ownership while waiting for their turn removes no owner any more', async () => {
  const [first, rival, third] = [await server.user(), await server.user(), await server.user()]
  const of = await ownedBy(first, rival, third)
  // By the account they stay an admin, so that the guard alone would let them on.
  await server.relate(`account:${of.accountId}`, 'admin', `user:${rival.id}`)
  const ids = { rival: await grantIdOf(of, rival), third: await grantIdOf(of, third) }

  const lock = "hashtextextended('workspace:' || $1, 0)"
  await server.superuser.query(`select pg_advisory_lock(${lock})`, [of.id])
  const taken = server.as(first)('DELETE', `${pathOf(of)}/grants/${ids.rival}`)
  await waiting(1)
  const takes = second.as(rival)('DELETE', `${pathOf(of)}/grants/${ids.third}`)
  await waiting(2)
  await server.superuser.query(`select pg_advisory_unlock(${lock})`, [of.id])

  expectStatus(await taken, 204)
  expectStatus(await takes, 403)
  expect(await rolesIn(of)).toEqual({ [first.id]: 'owner', [third.id]: 'owner' })
})

/** Until so many transactions wait for an advisory lock. */
async function waiting(count: number): Promise<void> {
  const text =
    "select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())"
  await waitFor(
    async () => (await server.superuser.query<{ count: number }>(text)).rows[0]!.count,
    (found) => found === count,
  )
}
