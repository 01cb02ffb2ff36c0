import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from './support/actors.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

const atOnce = 40

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

/** The same write many times at once, on both processes. */
async function storm(actor: Actor, path: string, body: (index: number) => unknown): Promise<Answer[]> {
  return Promise.all(Array.from({ length: atOnce }, (_, index) => (index % 2 ? server : second).as(actor)('POST', path, body(index))))
}

const statusesOf = (answers: Answer[]) => [...new Set(answers.map(({ status }) => status))]

test('writers that move each other’s gates all get through: keys of a workspace', async () => {
  const workspace = await server.workspace()
  const answers = await storm(workspace.owner, `/v1/workspaces/${workspace.id}/api-keys`, (index) => ({ name: `key ${index}` }))
  expect(statusesOf(answers)).toEqual([201])
  expect(new Set(answers.map(({ json }) => json['id'])).size).toBe(atOnce)
})

test('writers that move each other’s gates all get through: workspaces of an account', async () => {
  const { id, owner } = await server.account()
  const answers = await storm(owner, '/v1/workspaces', () => ({ account_id: id, name: 'Same name', region: 'local' }))
  expect(statusesOf(answers)).toEqual([202])
})

test('writers that move each other’s gates all get through: accounts of an operator', async () => {
  const answers = await storm(server.operator, '/v1/accounts', () => ({ name: 'Same name' }))
  expect(statusesOf(answers)).toEqual([201])
})

test('a limit holds against writers that begin at the same moment on two processes', async () => {
  const workspace = await server.workspace()
  const path = `/v1/workspaces/${workspace.id}/api-keys`
  for (let allowed = 1; allowed <= 12; allowed++) {
    await server.setLimits(workspace, allowed)
    // Both know the caller's permissions already, so that nothing but the write itself takes time.
    for (const on of [server, second]) expectStatus(await on.as(workspace.owner)('GET', path), 200)
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => (index % 2 ? server : second).as(workspace.owner)('POST', path, { name: 'key' })),
    )
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([201, 402, 402, 402, 402, 402])
    const refused = answers.find(({ status }) => status === 402)!
    expect(refused.json).toMatchObject({ code: 'limit_reached', limit: 'api_keys', allowed, used: allowed })
  }
})
