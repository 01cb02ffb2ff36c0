import { routes } from '@freehold/contract'
import { afterEach, expect, test } from 'vitest'
import { createFreehold, FreeholdError } from './index.ts'
import { operationTable } from './operation-table.ts'
import { answerJson, answerProblem, type Handler, startScriptedServer } from './scripted-server.ts'

type ScriptedServer = Awaited<ReturnType<typeof startScriptedServer>>
type Options = Omit<Parameters<typeof createFreehold>[0], 'url'>

const id = '01890000-0000-7000-8000-000000000001'
const open: ScriptedServer[] = []
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())))

async function serve(handle: Handler, options: Options = {}) {
  const server = await startScriptedServer(handle)
  open.push(server)
  return { server, client: createFreehold({ url: server.url, token: 'fhp_test', ...options }) }
}

const failure = (call: Promise<unknown>): Promise<FreeholdError> =>
  call.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error,
  )

test('the table names every operation of the contract, in plain JSON without schemas', () => {
  const table = operationTable(routes)
  expect(Object.keys(table)).toEqual(routes.map((route) => route.operationId))
  expect(JSON.parse(JSON.stringify(table))).toEqual(table)
  expect(table.listWorkspaces).toEqual({
    method: 'GET',
    path: '/v1/workspaces',
    query: expect.arrayContaining(['limit', 'cursor', 'q']),
    list: true,
  })
  expect(table.signIn).toMatchObject({ public: true, body: true })
  expect(table.streamRun).toMatchObject({ stream: 'sse', ends: true })
  expect(table.streamEvents).not.toHaveProperty('ends')
})

test('flat input is told apart into path, query and body, and the credential goes along', async () => {
  const { server, client } = await serve((_, response) => answerJson(response, { key: 'fhk_x' }, 201), {
    headers: { 'user-agent': 'tests' },
  })
  const created = await client.createApiKey({ workspace_id: 'a/b', name: 'ci', description: undefined, lifetime_seconds: null })
  expect(created.key).toBe('fhk_x')
  expect(server.received[0]).toMatchObject({ method: 'POST', url: '/v1/workspaces/a%2Fb/api-keys' })
  expect(JSON.parse(server.received[0]!.body)).toEqual({ name: 'ci', lifetime_seconds: null })
  expect(server.received[0]!.headers).toMatchObject({
    authorization: 'Bearer fhp_test',
    'user-agent': 'tests',
    'content-type': 'application/json',
  })
})

test('a path parameter cannot walk to another operation, and what an operation does not take is refused', async () => {
  const { server, client } = await serve((_, response) => answerJson(response, {}))
  await expect(client.getWorkspace({ workspace_id: '..' })).rejects.toThrow('getWorkspace needs workspace_id')
  await expect(client.getWorkspace({ workspace_id: '' })).rejects.toThrow('getWorkspace needs workspace_id')
  const misspelt = { workspace_id: id, naem: 'x' }
  await expect(client.getWorkspace(misspelt)).rejects.toThrow('does not take naem')
  expect(server.received).toEqual([])
})

test('a base URL may have a path and a slash at its end', async () => {
  const { server } = await serve((_, response) => answerJson(response, []))
  await createFreehold({ url: `${server.url}/hub//` }).listRegions()
  expect(server.received[0]!.url).toBe('/hub/v1/regions')
})

test('the token is read anew before each request', async () => {
  let token: string | undefined = 'one'
  const { server, client } = await serve((_, response) => answerJson(response, {}), { token: () => token })
  await client.getMe()
  token = undefined
  await client.getMe()
  expect(server.received.map((request) => request.headers.authorization)).toEqual(['Bearer one', undefined])
})

test('raw answers what the headers say', async () => {
  const { client } = await serve((_, response) => answerJson(response, { id }, 200, { etag: '"7"', location: '/x', 'x-request-id': 'r1' }))
  expect(await client.raw.getWorkspace({ workspace_id: id })).toMatchObject({
    data: { id },
    status: 200,
    etag: '"7"',
    location: '/x',
    requestId: 'r1',
  })
})

test('ifMatch becomes If-Match; 204 answers undefined', async () => {
  const { server, client } = await serve((_, response) => void response.writeHead(204).end())
  expect(await client.revokeApiKey({ workspace_id: id, api_key_id: id }, { ifMatch: '"7"' })).toBeUndefined()
  expect(server.received[0]!.headers['if-match']).toBe('"7"')
})

test('BX-06 a dry run says so and carries no Idempotency-Key, and a read is never one', async () => {
  const { server, client } = await serve((_, response) => answerJson(response, {}), { defaults: { dryRun: true } })
  await client.createAccount({ name: 'A' }, { idempotencyKey: 'mine' })
  await client.getMe()
  expect(server.received.map((request) => request.url)).toEqual(['/v1/accounts?dry_run=true', '/v1/me'])
  expect(server.received[0]!.headers['idempotency-key']).toBeUndefined()
})

test.each([429, 502, 503, 504])('%i is tried again, a POST under one Idempotency-Key', async (status) => {
  const { server, client } = await serve((_, response, count) =>
    count < 3 ? answerProblem(response, status, 'unavailable', { 'retry-after': '0' }) : answerJson(response, { id }, 201),
  )
  await client.createAccount({ name: 'A' })
  const keys = server.received.map((request) => request.headers['idempotency-key'])
  expect(keys).toHaveLength(3)
  expect(new Set(keys).size).toBe(1)
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
})

test('each POST has a key of its own, unless the caller brings one', async () => {
  const { server, client } = await serve((_, response) => answerJson(response, {}, 201))
  await client.createAccount({ name: 'A' })
  await client.createAccount({ name: 'A' })
  await client.createAccount({ name: 'A' }, { idempotencyKey: 'mine' })
  const keys = server.received.map((request) => request.headers['idempotency-key'])
  expect(new Set(keys).size).toBe(3)
  expect(keys[2]).toBe('mine')
})

test('a PATCH, and a POST that takes no credential, are sent once', async () => {
  const { server, client } = await serve((_, response) => answerProblem(response, 503, 'unavailable', { 'retry-after': '0' }))
  expect((await failure(client.updateWorkspace({ workspace_id: id, name: 'B' }))).code).toBe('unavailable')
  expect((await failure(client.signIn({ email: 'a@b.test', password: 'x' }))).code).toBe('unavailable')
  expect(server.received).toHaveLength(2)
  expect(server.received[1]!.headers['idempotency-key']).toBeUndefined()
})

test('a broken connection is tried again, and so is our own first attempt that is still at work', async () => {
  const { server, client } = await serve((_, response, count) => {
    if (count === 1) response.destroy()
    else if (count === 2) answerProblem(response, 409, 'request_in_flight', { 'retry-after': '0' })
    else answerJson(response, { id }, 201)
  })
  expect(await client.createAccount({ name: 'A' })).toEqual({ id })
  expect(server.received).toHaveLength(3)
})

test('it gives up after maxRetries, and at once where the server asks for more than a minute', async () => {
  const { server, client } = await serve((_, response) => answerProblem(response, 503, 'unavailable', { 'retry-after': '0' }), {
    maxRetries: 1,
  })
  expect(await failure(client.getMe())).toMatchObject({ status: 503, code: 'unavailable' })
  expect(server.received).toHaveLength(2)
  const patient = await serve((_, response) => answerProblem(response, 429, 'rate_limited', { 'retry-after': '900' }))
  expect(await failure(patient.client.getMe())).toMatchObject({ code: 'rate_limited', retryAfterMs: 900_000 })
  expect(patient.server.received).toHaveLength(1)
})

test('a refusal is not tried again; the error carries the whole problem document', async () => {
  const refused: FreeholdError[] = []
  const { server, client } = await serve(
    (request, response) =>
      request.url === '/v1/me'
        ? answerProblem(response, 401, 'unauthenticated')
        : answerProblem(
            response,
            400,
            'invalid_request',
            {},
            { errors: [{ pointer: '/body/name', message: 'is too long' }], permission: 'read' },
          ),
    { onUnauthenticated: (error) => refused.push(error) },
  )
  const error = await failure(client.createAccount({ name: 'A' }))
  expect(error).toBeInstanceOf(FreeholdError)
  expect(error).toMatchObject({
    status: 400,
    code: 'invalid_request',
    title: 'Title of invalid_request',
    detail: 'Detail of invalid_request',
    requestId: 'req-1',
    errors: [{ pointer: '/body/name', message: 'is too long' }],
    members: { permission: 'read' },
  })
  expect(refused).toEqual([])
  await failure(client.getMe())
  expect(refused.map((it) => it.code)).toEqual(['unauthenticated'])
  expect(server.received).toHaveLength(2)
})

test('an unreachable or silent server, and answers that are not the API, are clear errors', async () => {
  const gone = await startScriptedServer(() => undefined)
  await gone.close()
  expect(await failure(createFreehold({ url: gone.url, maxRetries: 0 }).getMe())).toMatchObject({ status: 0, code: 'network_failure' })

  const silent = await serve(() => undefined, { timeoutMs: 50, maxRetries: 0 })
  expect(await failure(silent.client.getMe())).toMatchObject({ status: 0, code: 'timeout' })

  const page = await serve((_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'))
  expect(await failure(page.client.getMe())).toMatchObject({ status: 200, code: 'unexpected_response' })
  const proxy = await serve((_, response) => void response.writeHead(404).end('nothing here'))
  expect(await failure(proxy.client.getMe())).toMatchObject({ status: 404, code: 'unexpected_response' })
  const object = await serve((_, response) => answerJson(response, { items: [] }))
  expect(await failure(object.client.listWorkspaces().then((it) => it))).toMatchObject({ code: 'unexpected_response' })
})

test('an abort rejects with its own reason, also while waiting to try again', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const { client } = await serve((_, response) => {
    answerProblem(response, 503, 'unavailable', { 'retry-after': '30' })
    response.once('close', () => controller.abort(reason))
  })
  expect(await failure(client.getMe({}, { signal: controller.signal }))).toBe(reason)
})
