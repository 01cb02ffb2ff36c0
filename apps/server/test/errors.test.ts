import { routes } from '@freehold/contract'
import { connect } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
let workspace: TestWorkspace
beforeAll(async () => {
  server = await startTestServer()
  workspace = await server.workspace()
})
afterAll(() => server.close())

const paths = new Set(routes.map((route) => route.path))
const samplePath = (path: string) => path.replace(/:\w+/g, '01900000-0000-7000-8000-00000000dead')

/** Of every route whose path fits: a word of one path may be what another has a parameter for. */
function methodsAt(path: string): string[] {
  const fits = (route: string) => new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`).test(path)
  return [...new Set(routes.filter((route) => fits(route.path)).map(({ method }) => method as string))]
}

test('an error is a problem document that says what to do and names the request', async () => {
  const answer = await server.as(workspace.owner)(
    'PATCH',
    `/v1/workspaces/${workspace.id}`,
    { nmae: 'Typo' },
    { 'x-request-id': 'my-request.1' },
  )
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(answer.json).toEqual({
    type: '/docs#error-invalid_request',
    title: 'The request does not fit the schema',
    status: 400,
    detail: expect.stringContaining('/body/nmae'),
    instance: '/v1/workspaces/:workspace_id',
    code: 'invalid_request',
    request_id: 'my-request.1',
    errors: [{ pointer: '/body/nmae', message: 'is not a known field' }],
  })
})

test('X-Request-Id is echoed and kept in the audit event; one unfit for logs is replaced', async () => {
  const path = `/v1/workspaces/${workspace.id}`
  const fit = await server.as(workspace.owner)('PATCH', path, { description: 'x' }, { 'x-request-id': 'deploy-42:a.b' })
  expect(fit.headers.get('x-request-id')).toBe('deploy-42:a.b')
  const feed = await server.as(workspace.owner)('GET', `${path}/audit?limit=1`)
  expect(feed.list[0]).toMatchObject({ action: 'workspace.update', request_id: 'deploy-42:a.b' })
  for (const unfit of ['a b', '<script>', 'x'.repeat(129), '{"a":1}']) {
    const answer = await server.as(workspace.owner)('GET', path, undefined, { 'x-request-id': unfit })
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  }
})

test.each([...paths])('%s answers 405 with Allow to every method that it does not take', async (path) => {
  // Whoever asks by OPTIONS where resumable uploads go is told what is spoken there.
  const taken = [...methodsAt(samplePath(path)), ...(path.includes('/files/tus') ? ['OPTIONS'] : [])]
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'].filter((candidate) => !taken.includes(candidate))) {
    const answer = await server.as(workspace.owner)(method, samplePath(path))
    expect([method, answer.status, answer.json['code']]).toEqual([method, 405, 'method_not_allowed'])
    expect(answer.headers.get('allow')!.split(', ').toSorted()).toEqual(methodsAt(samplePath(path)).toSorted())
  }
})

test('HEAD answers as GET does, without a body', async () => {
  for (const path of [`/v1/workspaces/${workspace.id}`, '/v1/workspaces', '/v1/workspaces/01900000-0000-7000-8000-00000000dead']) {
    const [got, head] = [await server.as(workspace.owner)('GET', path), await server.as(workspace.owner)('HEAD', path)]
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([got.status, '', got.headers.get('etag')])
  }
  expect((await server.call('HEAD', '/v1/me')).status).toBe(401)
})

test('what is at no path is 404, with or without a credential, and tells nothing', async () => {
  for (const path of [
    '/v1',
    '/v1/nothing',
    '/v1/workspaces/x/y/z',
    '/v2/workspaces',
    '/v1/%2e%2e/%2e%2e/etc/passwd',
    '/v1//workspaces',
    '/.env',
  ]) {
    for (const token of [undefined, workspace.owner.token]) {
      const answer = await server.call('GET', path, token === undefined ? {} : { token })
      expect([path, answer.status, answer.json['code']]).toEqual([path, 404, 'not_found'])
    }
  }
})

test('a path that cannot be decoded, or a line that is no HTTP, is a 400', async () => {
  const undecodable = await server.as(workspace.owner)('GET', '/v1/workspaces/%E0%A4%A')
  expect([undecodable.status, undecodable.json['code']]).toEqual([400, 'invalid_request'])
  expect(undecodable.headers.get('x-request-id')).toBe(undecodable.json['request_id'])
  const long = await server.as(workspace.owner)('GET', `/v1/workspaces/${'x'.repeat(8000)}`)
  expect([long.status, long.json['code']]).toEqual([400, 'invalid_request'])
  expect(await sendRaw('GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n')).toContain('400')
  expect(await sendRaw('nonsense\r\n\r\n')).toContain('400')
})

test('a session cookie changes nothing for a page of another origin', async () => {
  const session = await server.session(workspace.owner)
  const change = (headers: Record<string, string>) =>
    server.call('PATCH', '/v1/me', { body: { name: 'Renamed' }, headers: { cookie: `freehold_session=${session.token}`, ...headers } })
  const foreign = [
    {},
    { origin: 'https://elsewhere.test' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'https://elsewhere.test' },
  ]
  for (const headers of foreign as Record<string, string>[]) expect((await change(headers)).status).toBe(403)
  expect((await change({ origin: server.url })).status).toBe(200)
  expect((await change({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
})

test('every answer of the API forbids caching, sniffing and framing', async () => {
  for (const path of ['/v1/me', `/v1/workspaces/${workspace.id}`, '/v1/nothing']) {
    const { headers } = await server.as(workspace.owner)('GET', path)
    expect(
      Object.fromEntries(
        ['cache-control', 'x-content-type-options', 'x-frame-options', 'referrer-policy'].map((name) => [name, headers.get(name)]),
      ),
    ).toEqual({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
  }
})

test('a connection that has sent nothing does not hold up a stop', async () => {
  const other = await startTestServer({}, server)
  const silent = connect(Number(new URL(other.url).port), '127.0.0.1')
  await once(silent, 'connect')
  const begun = Date.now()
  await other.close()
  expect(Date.now() - begun).toBeLessThan(5000)
  silent.destroy()
})

async function sendRaw(text: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.write(text)
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return chunk.toString().split('\r\n')[0]!
}
