import { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { createFreehold, type FreeholdError, type StreamEvent } from './index.ts'
import { answerJson, answerProblem, collect, type Handler, startScriptedServer } from './scripted-server.ts'

type ScriptedServer = Awaited<ReturnType<typeof startScriptedServer>>
const id = '01890000-0000-7000-8000-000000000001'
const open: ScriptedServer[] = []
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())))

async function serve(handle: Handler) {
  const server = await startScriptedServer(handle)
  open.push(server)
  return { server, client: createFreehold({ url: server.url, maxRetries: 1 }) }
}

const stream = { 'content-type': 'text/event-stream' }
const fast = 'retry: 1\n\n'
const audit = (seq: number) => `id: ${seq}\nevent: audit\ndata: {"seq":${seq}}\n\n`
const run = (finishedAt: string | null) => `event: run\ndata: {"finished_at":${JSON.stringify(finishedAt)}}\n\n`

async function take(events: AsyncIterable<StreamEvent>, count: number): Promise<StreamEvent[]> {
  const taken: StreamEvent[] = []
  for await (const event of events) if (taken.push(event) === count) break
  return taken
}

test('a lost stream is opened again after the last event, and the caller hears of it', async () => {
  const states: string[] = []
  const { server, client } = await serve((_, response, count) => {
    response.writeHead(200, stream).write(fast + audit(count))
    if (count === 1) response.end()
    else if (count === 2) response.write(': comment\n\nid: 2\nevent: aud', () => response.destroy())
  })
  const events = await take(client.streamWorkspaceAudit({ workspace_id: id }, { onConnection: (state) => states.push(state) }), 3)
  expect(events).toEqual([1, 2, 3].map((seq) => ({ id: String(seq), event: 'audit', data: { seq } })))
  expect(server.received.map((request) => request.headers['last-event-id'])).toEqual([undefined, '1', '2'])
  expect(server.received[0]!.headers.accept).toBe('text/event-stream')
  expect(states).toEqual(['open', 'lost', 'open', 'lost', 'open'])
})

test('GF-05 the stream of a run ends with the run, and only then', async () => {
  const { server, client } = await serve((_, response, count) => {
    response.writeHead(200, stream).end(fast + run(null) + (count === 2 ? run('2025-01-01T00:00:00.000Z') : ''))
  })
  const events = await collect(client.streamRun({ run_id: id }))
  expect(events).toHaveLength(3)
  expect(server.received).toHaveLength(2)
})

test('a stream of many things goes on after a finished run', async () => {
  const { client } = await serve((_, response) => void response.writeHead(200, stream).end(fast + run('2025-01-01T00:00:00.000Z')))
  expect(await take(client.streamEvents(), 3)).toHaveLength(3)
})

test('204 tells a client to stop', async () => {
  const { server, client } = await serve((_, response, count) => {
    if (count === 1) response.writeHead(200, stream).end(fast + audit(1))
    else response.writeHead(204).end()
  })
  expect(await collect(client.streamWorkspaceAudit({ workspace_id: id }))).toHaveLength(1)
  expect(server.received).toHaveLength(2)
})

test('AM-03 a stream that was cut because access ended rejects with that, without asking again and again', async () => {
  const { server, client } = await serve((_, response, count) => {
    if (count === 1) response.writeHead(200, stream).end(fast + audit(1))
    else answerProblem(response, 404, 'not_found')
  })
  await expect(collect(client.streamWorkspaceAudit({ workspace_id: id }))).rejects.toMatchObject({ code: 'not_found' })
  expect(server.received).toHaveLength(2)
})

test('once open it outlasts a server that is down; before that it gives up after maxRetries', async () => {
  const { client } = await serve((_, response, count) => {
    if (count === 1 || count === 6) response.writeHead(200, stream).write(fast + audit(count))
    if (count === 1) response.end()
    else if (count < 6) answerProblem(response, 503, 'unavailable', { 'retry-after': '0' })
  })
  expect((await take(client.streamWorkspaceAudit({ workspace_id: id }), 2)).map((event) => event.id)).toEqual(['1', '6'])

  const down = await serve((_, response) => answerProblem(response, 503, 'unavailable', { 'retry-after': '0' }))
  await expect(take(down.client.streamEvents(), 1)).rejects.toMatchObject({ code: 'unavailable' })
  expect(down.server.received).toHaveLength(2)
})

test('an abort ends a stream quietly and closes its connection; so does leaving the loop', async () => {
  const closed: Promise<unknown>[] = []
  const { client } = await serve((_, response) => {
    closed.push(new Promise((resolve) => response.once('close', resolve)))
    response.writeHead(200, stream).write(audit(1))
  })
  const controller = new AbortController()
  for await (const _ of client.streamEvents({}, { signal: controller.signal })) controller.abort()
  await take(client.streamEvents(), 1)
  expect(closed).toHaveLength(2)
  await Promise.all(closed)
})

test('what is no stream, and an event that is no JSON, are clear errors', async () => {
  const plain = await serve((_, response) => answerJson(response, {}))
  await expect(take(plain.client.streamEvents(), 1)).rejects.toMatchObject({ code: 'unexpected_response' })
  const broken = await serve((_, response) => void response.writeHead(200, stream).write('data: {\n\n'))
  await expect(take(broken.client.streamEvents(), 1)).rejects.toMatchObject({ code: 'unexpected_response' })
})

test('JSON Lines come an object at a time, whatever the chunks', async () => {
  const text = '{"seq":1,"label":"grün"}\n{"seq":2}\n\n{"seq":3}'
  const { client } = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/jsonl' })
    Readable.from(Array.from(Buffer.from(text), (byte) => Buffer.of(byte))).pipe(response)
  })
  expect(await collect(client.exportWorkspaceAudit({ workspace_id: id }))).toEqual([{ seq: 1, label: 'grün' }, { seq: 2 }, { seq: 3 }])
})

test('an export that is cut off rejects, so that a part is never taken for the whole', async () => {
  const { client } = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/jsonl' }).write('{"seq":1}\n', () => response.destroy())
  })
  const received: unknown[] = []
  const all = async () => {
    for await (const line of client.exportWorkspaceAudit({ workspace_id: id })) received.push(line)
  }
  const error: FreeholdError = await all().then(
    () => Promise.reject(new Error('it did not fail')),
    (reason) => reason,
  )
  expect(error.code).toBe('network_failure')
  expect(received).toEqual([{ seq: 1 }])
})
