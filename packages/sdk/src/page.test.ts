import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { createFreehold } from './index.ts'
import { readNextCursor } from './page.ts'
import { answerJson, collect, startScriptedServer } from './scripted-server.ts'

type ScriptedServer = Awaited<ReturnType<typeof startScriptedServer>>
const open: ScriptedServer[] = []
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())))

/** Lists 0, 1, 2, … `total`, by opaque cursors, as the API does. */
async function serveNumbers(total: number) {
  const server = await startScriptedServer((request, response) => {
    const query = new URL(request.url, 'http://localhost').searchParams
    const limit = Number(query.get('limit') ?? 100)
    const from = Number(query.get('cursor')?.slice('at='.length) ?? 0)
    const to = Math.min(total, from + limit)
    query.set('cursor', `at=${to}`)
    const link = { link: `</v1/workspaces?cursor=wrong>; rel="first", </v1/workspaces?${query.toString()}>; rel="next"` }
    answerJson(
      response,
      Array.from({ length: to - from }, (_, index) => ({ id: String(from + index) })),
      200,
      to < total ? link : {},
    )
  })
  open.push(server)
  return { server, client: createFreehold({ url: server.url }) }
}

test('GF-03 a list gives its first page when awaited, and all items when iterated', async () => {
  const { server, client } = await serveNumbers(7)
  const list = client.listWorkspaces({ limit: 3, q: 'a&b' })
  expect(server.received).toEqual([])

  const page = await list
  expect(page.items.map((item) => item.id)).toEqual(['0', '1', '2'])
  expect(page.next).toBe('at=3')
  expect(server.received).toHaveLength(1)

  const ids: string[] = []
  for await (const workspace of list) ids.push(workspace.id)
  expect(ids).toEqual(['0', '1', '2', '3', '4', '5', '6'])
  expect(server.received.map((request) => request.url)).toEqual([
    '/v1/workspaces?limit=3&q=a%26b',
    '/v1/workspaces?limit=3&cursor=at%3D3&q=a%26b',
    '/v1/workspaces?limit=3&cursor=at%3D6&q=a%26b',
  ])
})

test('the last page has no next, and a cursor continues a list', async () => {
  const { client } = await serveNumbers(4)
  expect(await client.listWorkspaces({ limit: 3, cursor: 'at=3' })).toEqual({ items: [{ id: '3' }], next: null })
})

test('stopping early fetches no further page', async () => {
  const { server, client } = await serveNumbers(9)
  for await (const workspace of client.listWorkspaces({ limit: 3 })) if (workspace.id === '2') break
  expect(server.received).toHaveLength(1)
})

test('a server whose next page is the same page is an error, not an endless loop', async () => {
  const server = await startScriptedServer((_, response) =>
    answerJson(response, [], 200, { link: '</v1/workspaces?cursor=x>; rel="next"' }),
  )
  open.push(server)
  const all = collect(createFreehold({ url: server.url }).listWorkspaces())
  await expect(all).rejects.toThrow('never end')
})

test('any cursor survives the Link header', () => {
  fc.assert(
    fc.property(fc.string(), (cursor) => {
      const target = `https://freehold.test/v1/x?${new URLSearchParams({ limit: '2', cursor }).toString()}`
      expect(readNextCursor(`<${target}>; rel="next"`)).toBe(cursor)
    }),
  )
  expect(readNextCursor(null)).toBe(null)
  expect(readNextCursor('</v1/x?cursor=a>; rel="prev"')).toBe(null)
})
