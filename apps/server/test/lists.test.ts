import { type AnyRoute, contract, type OperationId, routes } from '@freehold/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addPasskey } from './support/ceremonies.ts'
import { createInputs, pathOf, type Sample } from './support/inputs.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let tenant: Tenant
let inputs: ReturnType<typeof createInputs>

beforeAll(async () => {
  server = await startTestServer()
  tenant = await createTenant(server)
  inputs = createInputs(server, tenant)
  const account = { id: tenant.accountId, owner: tenant.owner }
  for (let count = 0; count < 4; count++) {
    await server.session(tenant.owner)
    await server.personalToken(tenant.owner)
    await server.workspace(account)
    await server.as(tenant.owner)('PATCH', `/v1/accounts/${account.id}`, { name: `Account ${tenant.canary} ${count}` })
    await server.relate(`account:${(await server.account()).id}`, 'owner', `user:${tenant.owner.id}`)
    await server.member(tenant.workspace.id, 'view')
    await addGroupAndMember()
    await addAccess()
  }
})
afterAll(() => server.close())

// Their order is that of names, which tests of their own hold.
const orderedByName: readonly string[] = ['listAccountMembers', 'listMembers']
const lists = routes.filter((route) => route.list)

describe.each(lists.map(({ operationId }) => operationId))('%s', (operationId) => {
  const route = contract[operationId as OperationId]
  const read = async (query: Record<string, string>) => {
    const sample = await inputs.sample(route, tenant.owner)
    return server.as(tenant.owner)('GET', pathOf(route, { params: sample.params, query: { ...guardOf(route, sample), ...query } }))
  }

  test('pages of any size hold the same items in the same order, each once, and the last names no next', async () => {
    const whole = await read({ limit: '1000' })
    expectStatus(whole, 200)
    expect(Array.isArray(JSON.parse(whole.text))).toBe(true)
    const ids = idsOf(whole)
    expect(ids.length).toBeGreaterThan(2)
    expect(new Set(ids).size).toBe(ids.length)
    expect(whole.headers.get('link')).toBe(null)
    if (!orderedByName.includes(operationId))
      expect(ids).toEqual(operationId === 'listEnvironments' ? ids.toSorted() : ids.toSorted().reverse())
    for (const limit of [1, 2, ids.length]) {
      const pages = await readAll(await read({ limit: String(limit) }))
      expect(pages.flatMap(idsOf)).toEqual(ids)
      expect(pages).toHaveLength(Math.ceil(ids.length / limit))
    }
  })

  test('a cursor that the list did not give out is 400', async () => {
    const wrong = [
      'x',
      '%',
      'AAAA',
      Buffer.from('no id').toString('base64url'),
      Buffer.from("' or 1=1 --").toString('base64url'),
      Buffer.from('\0').toString('base64url'),
    ]
    for (const cursor of wrong) {
      const answer = await read({ cursor })
      expectStatus(answer, 400, cursor)
      expect((answer.json['errors'] as { pointer: string }[])[0]!.pointer).toBe('/query/cursor')
    }
  })
})

test('a list that grows while it is paged shows each item that was there exactly once', async () => {
  const path = `/v1/workspaces/${tenant.workspace.id}/api-keys`
  const before = idsOf(await server.as(tenant.owner)('GET', path))
  const seen: string[] = []
  for (let page: Answer | null = await server.as(tenant.owner)('GET', `${path}?limit=1`); page; page = await follow(page)) {
    seen.push(...idsOf(page))
    await server.apiKey(tenant.workspace, 'view')
  }
  expect(seen).toEqual(before)
})

test('the next page keeps the filters, and the default page is 100', async () => {
  const filtered = await server.as(tenant.owner)('GET', '/v1/workspaces?limit=2&q=Workspace&status=active')
  expect(linkOf(filtered)).toMatch(/^\/v1\/workspaces\?limit=2&q=Workspace&status=active&cursor=/)
  const byAccount = await server.as(tenant.owner)('GET', `/v1/workspaces/by-account/${tenant.accountId}?limit=2`)
  expect(linkOf(byAccount)).toContain(`/v1/workspaces/by-account/${tenant.accountId}?limit=2&cursor=`)
  await server.setLimits(tenant.workspace)
  for (let count = 0; count < 101; count++) await server.apiKey(tenant.workspace, 'view')
  const page = await server.as(tenant.owner)('GET', `/v1/workspaces/${tenant.workspace.id}/api-keys`)
  expect(page.list).toHaveLength(100)
  expect(linkOf(page)).not.toBe(null)
})

test("another caller's cursor shows nothing that the caller may not read", async () => {
  const mine = await server.as(tenant.owner)('GET', '/v1/workspaces?limit=1')
  const stranger = await server.user()
  const theirs = await server.as(stranger)('GET', linkOf(mine)!)
  expect([theirs.status, theirs.list]).toEqual([200, []])
})

/** A further group, and a further member of the account and of the group whose members are listed. */
async function addGroupAndMember(): Promise<void> {
  const person = await server.user()
  await server.relate(`account:${tenant.accountId}`, 'member', `user:${person.id}`)
  const members = pathOf(contract.listGroupMembers, await inputs.sample(contract.listGroupMembers, tenant.owner))
  expectStatus(await server.as(tenant.owner)('PUT', `${members}/${person.id}`), 204)
  expectStatus(await server.as(tenant.owner)('POST', `/v1/accounts/${tenant.accountId}/groups`, { name: `Group of ${person.id}` }), 201)
}

/** A further invitation of each kind, a collection, a record, a passkey, a tenant and a session. */
async function addAccess(): Promise<void> {
  const { owner, workspace } = tenant
  for (const create of [contract.createInvitation, contract.createAccountInvitation, contract.createCollection, contract.createRecord]) {
    const sample = await inputs.sample(create, owner)
    expectStatus(await server.as(owner)('POST', pathOf(create, sample), sample.body), 201)
  }
  await addPasskey(server, (await server.session(owner)).token)
  await server.tenantKey(workspace)
  await server.agentSession(workspace)
}

/** What the list is of, where the query names it. */
function guardOf({ guard }: AnyRoute, { query }: Sample): Record<string, string> {
  return 'on' in guard && guard.in === 'query' ? { [guard.id]: query[guard.id]! } : {}
}

async function readAll(first: Answer): Promise<Answer[]> {
  const pages = [first]
  for (let page = await follow(first); page; page = await follow(page)) pages.push(page)
  return pages
}

async function follow(page: Answer): Promise<Answer | null> {
  const link = linkOf(page)
  return link === null ? null : server.as(tenant.owner)('GET', link)
}

function linkOf(page: Answer): string | null {
  return /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1] ?? null
}

function idsOf(page: Answer): string[] {
  return page.list.map(({ id, subject_id, user_id }) => (id ?? subject_id ?? user_id) as string)
}
