import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from './support/actors.ts'
import type { Answer } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

const atOnce = 24

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

test('a limit holds against writers at once: none too many, none too few', async () => {
  const workspace = await server.workspace()
  const answers = await storm(workspace.owner, `/v1/workspaces/${workspace.id}/environments`, (index) => ({ slug: `extra-${index}` }))
  const made = answers.filter(({ status }) => status === 201)
  const refused = answers.filter(({ status }) => status === 402)
  expect([made.length, refused.length]).toEqual([17, atOnce - 17])
  expect(refused[0]!.json).toMatchObject({ code: 'limit_reached', limit: 'environments', allowed: 20, used: 20 })
  const { list } = await server.as(workspace.owner)('GET', `/v1/workspaces/${workspace.id}/environments`)
  expect(list).toHaveLength(20)
})
