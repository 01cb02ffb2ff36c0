import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor, TestWorkspace } from './support/actors.ts'
import { type EventStream, openEvents } from './support/event-stream.ts'
import { type Reader, startReader } from './support/race.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

const raceMs = 15_000
const cutWithinMs = 5000

let revoking: TestServer
let reading: TestServer
let workspace: TestWorkspace
let account: { id: string; owner: Actor }

beforeAll(async () => {
  revoking = await startTestServer()
  reading = await startTestServer({}, revoking)
  account = await revoking.account()
  workspace = await revoking.workspace(account)
  await revoking.setLimits(workspace)
})
afterAll(async () => {
  await reading.close()
  await revoking.close()
})

/** Somebody who may read the workspace, and how that ends: when it resolves, the revocation has been acknowledged. */
type Access = { actor: Actor; revoke(): Promise<void> }

const kinds: Record<string, () => Promise<Access>> = {
  'API key': async () => {
    const actor = await revoking.apiKey(workspace, 'view')
    return { actor, revoke: () => remove(workspace.owner, `/v1/workspaces/${workspace.id}/api-keys/${actor.id}`) }
  },
  'grant on the workspace': async () => {
    const actor = await revoking.member(workspace.id, 'view')
    return { actor, revoke: () => revoking.unrelate(`workspace:${workspace.id}`, 'view', `user:${actor.id}`) }
  },
  'role on the account': async () => {
    const actor = await revoking.user()
    await revoking.relate(`account:${account.id}`, 'admin', `user:${actor.id}`)
    return { actor, revoke: () => revoking.unrelate(`account:${account.id}`, 'admin', `user:${actor.id}`) }
  },
  'personal token': async () => {
    const person = await revoking.member(workspace.id, 'view')
    const actor = await revoking.personalToken(person)
    return { actor, revoke: () => remove(person, `/v1/me/tokens/${actor.id}`) }
  },
  session: async () => {
    const person = await revoking.member(workspace.id, 'view')
    const actor = await revoking.session(person)
    return { actor, revoke: () => remove(person, `/v1/me/sessions/${actor.id}`) }
  },
}

async function remove(actor: Actor, path: string): Promise<void> {
  const answer = await revoking.as(actor)('DELETE', path)
  expectStatus(answer, 204)
}

test('AM-03 AM-04 no read on another process is let in that begins after the revocation was acknowledged', async () => {
  const totals = { revocations: 0, reads: 0, after: 0, stale: 0 }
  const paths = [`/v1/workspaces/${workspace.id}`, `/v1/workspaces/${workspace.id}/environments`]
  const end = Date.now() + raceMs
  for (let round = 0; Date.now() < end; round++) {
    for (const [kind, give] of Object.entries(kinds)) {
      const { actor, revoke } = await give()
      const reader = startReader(reading.url + paths[round % paths.length]!, actor.token)
      await waitForReads(reader, 40)
      await revoke()
      reader.revoked()
      await waitFor(
        async () => reader.after,
        (after) => after >= 20,
      )
      await reader.stop()
      expect([kind, reader.stale]).toEqual([kind, 0])
      totals.revocations += 1
      totals.reads += reader.reads
      totals.after += reader.after
      totals.stale += reader.stale
    }
  }
  process.stdout.write(`revocation race: ${JSON.stringify(totals)}\n`)
  expect(totals.after).toBeGreaterThan(200)
})

test('AM-04 a process that remembers a credential, and nothing of what it reaches, answers 401 after its revocation and not 404', async () => {
  const key = await revoking.apiKey(workspace, 'view')
  expectStatus(await reading.call('GET', '/v1/me', { token: key.token }), 200)
  await remove(workspace.owner, `/v1/workspaces/${workspace.id}/api-keys/${key.id}`)
  for (const path of [`/v1/workspaces/${workspace.id}`, `/v1/workspaces/${workspace.id}/grants`]) {
    expectStatus(await reading.call('GET', path, { token: key.token }), 401, path)
  }
})

test('GF-25 a list on another process leaves out what was revoked, from the first request after the acknowledgement', async () => {
  const actor = await revoking.member(workspace.id, 'view')
  for (let round = 0; round < 10; round++) {
    expect((await reading.as(actor)('GET', '/v1/workspaces')).list).toHaveLength(1)
    await revoking.unrelate(`workspace:${workspace.id}`, 'view', `user:${actor.id}`)
    expect((await reading.as(actor)('GET', '/v1/workspaces')).list).toEqual([])
    await revoking.relate(`workspace:${workspace.id}`, 'view', `user:${actor.id}`)
  }
})

test('AM-03 a lower role and an expired grant count from the next request on every process', async () => {
  const actor = await revoking.member(workspace.id, 'admin')
  const change = (name: string) => reading.as(actor)('PATCH', `/v1/workspaces/${workspace.id}?dry_run=true`, { name })
  expect((await change('as admin')).status).toBe(200)
  await revoking.unrelate(`workspace:${workspace.id}`, 'admin', `user:${actor.id}`)
  await revoking.relate(`workspace:${workspace.id}`, 'edit', `user:${actor.id}`)
  expect((await change('as editor')).status).toBe(403)

  const lent = await revoking.user()
  const expiresAt = new Date(Date.now() + 1500)
  await revoking.relate(`workspace:${workspace.id}`, 'view', `user:${lent.id}`, expiresAt)
  const read = () => reading.as(lent)('GET', `/v1/workspaces/${workspace.id}`)
  expect((await read()).status).toBe(200)
  const { begun } = await waitFor(
    async () => ({ begun: Date.now(), status: (await read()).status }),
    ({ status }) => status === 404,
  )
  expect(begun).toBeGreaterThanOrEqual(expiresAt.getTime() - 50)
  expect(begun).toBeLessThan(expiresAt.getTime() + 2000)
})

const cases = Object.entries(kinds).map(([kind, give]) => ({ kind, give }))

test('AM-03 open streams are cut within 5 s of the revocation, also where nothing happens that would wake them', async () => {
  const quiet = await revoking.workspace(account)
  const open = (actor: Actor) => openEvents(reading, `/v1/workspaces/${quiet.id}/audit/events`, actor)
  const member = () => revoking.member(quiet.id, 'view')
  const [key, granted, tokenHolder, sessionHolder] = [await revoking.apiKey(quiet, 'view'), await member(), await member(), await member()]
  const [token, session] = [await revoking.personalToken(tokenHolder), await revoking.session(sessionHolder)]
  const streams = await Promise.all([key, granted, token, session].map(open))
  const everything = await openEvents(reading, '/v1/events', token)

  for (const credential of [key, token, session]) await revoking.revokeQuietly(credential)
  await revoking.unrelate(`workspace:${quiet.id}`, 'view', `user:${granted.id}`)
  const acknowledged = Date.now()
  for (const stream of [...streams, everything]) expect((await stream.ended(cutWithinMs + 5000)) - acknowledged).toBeLessThan(cutWithinMs)
})

test.each(cases)('AM-03 a stream says nothing that happens after the end of its $kind was acknowledged', async ({ kind, give }) => {
  const name = `after the end of a ${kind}`
  const { actor, revoke } = await give()
  const followed = await openEvents(reading, `/v1/workspaces/${workspace.id}/audit/events`, actor)
  const everything = await openEvents(reading, '/v1/events', actor)
  await revoke()
  await rename(name)
  const witness = await openEvents(reading, `/v1/workspaces/${workspace.id}/audit/events`, workspace.owner, '0')
  await witness.wait(({ data }) => (data['after'] as { name?: string } | null)?.name === name)
  for (const stream of [followed, everything]) expect(sawName(stream, name)).toBe(false)
  await Promise.all([followed.close(), everything.close(), witness.close()])
})

async function rename(name: string): Promise<void> {
  expect((await revoking.as(workspace.owner)('PATCH', `/v1/workspaces/${workspace.id}`, { name })).status).toBe(200)
}

function sawName({ events }: EventStream, name: string): boolean {
  return events.some(({ data }) => JSON.stringify(data).includes(name))
}

async function waitForReads(reader: Reader, count: number): Promise<void> {
  await waitFor(
    async () => reader.reads,
    (reads) => reads >= count,
  )
}
