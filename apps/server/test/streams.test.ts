import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Actor } from './support/actors.ts'
import { type EventStream, openEvents, type StreamEvent } from './support/event-stream.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

let server: TestServer
let second: TestServer
let mine: Tenant
let theirs: Tenant
const open: EventStream[] = []

beforeAll(async () => {
  server = await startTestServer()
  second = await startTestServer({}, server)
  mine = await createTenant(server)
  theirs = await createTenant(server)
})
afterEach(async () => {
  for (const stream of open.splice(0)) await stream.close()
})
afterAll(async () => {
  await second.close()
  await server.close()
})

async function follow(path: string, actor: Actor, lastEventId?: string, on = server): Promise<EventStream> {
  const stream = await openEvents(on, path, actor, lastEventId)
  open.push(stream)
  return stream
}

const rename = async (tenant: Tenant, name: string) => {
  const answer = await server.as(tenant.owner)('PATCH', `/v1/workspaces/${tenant.workspace.id}`, { name })
  expect(answer.status).toBe(200)
}
const isRenameTo = (name: string) => (event: StreamEvent) =>
  event.event === 'audit' && (event.data['after'] as { name?: string })?.name === name

test('/v1/events brings what happens in all that the caller may read, whichever process did it, and nothing else', async () => {
  const readers = [mine.owner, mine.keys.view, await server.member(mine.workspace.id, 'view')]
  const streams = await Promise.all(readers.map((reader) => follow('/v1/events', reader, undefined, second)))
  const stranger = await follow('/v1/events', await server.user())
  expect(streams[0]!.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')

  await rename(theirs, `${theirs.canary} first`)
  await rename(mine, `${mine.canary} second`)
  for (const stream of streams) {
    const { data } = await stream.wait(isRenameTo(`${mine.canary} second`))
    expect(data).toMatchObject({ action: 'workspace.update', workspace_id: mine.workspace.id, actor: { id: mine.owner.id } })
    expect(JSON.stringify(stream.events)).not.toContain(theirs.canary)
  }
  expect(stranger.events).toEqual([])
})

test('/v1/events brings a run whole after each change, so that a list can show a workspace turn active', async () => {
  const stream = await follow('/v1/events', mine.owner)
  const made = await server.workspace({ id: mine.accountId, owner: mine.owner })
  const last = await stream.wait(({ event, data }) => event === 'run' && data['workspace_id'] === made.id && data['status'] === 'succeeded')
  expect((last.data['steps'] as { status: string }[]).every(({ status }) => status === 'succeeded')).toBe(true)
  await stream.wait(({ event, data }) => event === 'audit' && data['action'] === 'workspace.activate' && data['workspace_id'] === made.id)
})

test("GF-05 a run's stream tells the run at once and ends with it", async () => {
  const made = await server.as(mine.owner)('POST', '/v1/workspaces', { account_id: mine.accountId, name: 'Watched', region: 'local' })
  const path = `/v1/provisioning-runs/${String(made.json['provisioning_run_id'])}/events`
  const live = await follow(path, mine.owner)
  await live.ended()
  const statuses = live.events.map(({ data }) => data['status'])
  expect(statuses.at(-1)).toBe('succeeded')
  expect(live.events.every(({ event }) => event === 'run')).toBe(true)

  const over = await follow(path, mine.owner)
  await over.ended()
  expect(over.events.map(({ data }) => data['status'])).toEqual(['succeeded'])
})

test('PR-08 the audit stream resumes behind Last-Event-ID: no event is missing and none comes twice', async () => {
  const path = `/v1/workspaces/${mine.workspace.id}/audit/events`
  const first = await follow(path, mine.owner)
  await rename(mine, 'before the gap')
  const seen = await first.wait(isRenameTo('before the gap'))
  await first.close()

  for (const name of ['in the gap 1', 'in the gap 2']) await rename(mine, name)
  const resumed = await follow(path, mine.owner, seen.id!, second)
  await rename(mine, 'after the gap')
  await resumed.wait(isRenameTo('after the gap'))
  expect(resumed.events.map(({ data }) => (data['after'] as { name: string }).name)).toEqual([
    'in the gap 1',
    'in the gap 2',
    'after the gap',
  ])
  const seqs = resumed.events.map(({ id }) => Number(id))
  expect(seqs).toEqual(seqs.map((_, index) => Number(seen.id) + 1 + index))
  expect(resumed.events.map(({ data }) => data['seq'])).toEqual(seqs)

  const whole = await follow(path, mine.owner, '0')
  await whole.wait(isRenameTo('after the gap'))
  expect(whole.events.map(({ id }) => Number(id))).toEqual(Array.from({ length: seqs.at(-1)! }, (_, index) => index + 1))
})

test('a Last-Event-ID that is none starts from now', async () => {
  const path = `/v1/workspaces/${mine.workspace.id}/audit/events`
  const sealed = () => server.as(mine.owner)('GET', `/v1/workspaces/${mine.workspace.id}/audit?limit=1`)
  await waitFor(sealed, ({ list }) => list[0]!['seq'] !== null)
  const stream = await follow(path, mine.owner, 'nonsense; drop')
  await rename(mine, 'from now')
  const event = await stream.wait(isRenameTo('from now'))
  expect(stream.events[0]).toEqual(event)
})

test('a stream that is refused is an ordinary answer', async () => {
  for (const path of [`/v1/workspaces/${theirs.workspace.id}/audit/events`, `/v1/provisioning-runs/${theirs.workspace.runId}/events`]) {
    const refused = await server.as(mine.owner)('GET', path)
    expect([refused.status, refused.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8'])
  }
})

test('a server that stops ends its streams', async () => {
  const third = await startTestServer({}, server)
  const stream = await openEvents(third, '/v1/events', mine.owner)
  await third.close()
  await stream.ended(5000)
})
