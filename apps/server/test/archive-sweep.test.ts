import { newId } from '@freehold/kit'
import { type AnyRoute, contract, type OperationId, routes } from '@freehold/contract'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type CheckedCalls, createCheckedCalls } from './support/checked-calls.ts'
import { auditOf, fingerprint, settle } from './support/database-inspect.ts'
import { type EventStream, openEvents } from './support/event-stream.ts'
import { createInputs, type Sample } from './support/inputs.ts'
import { type Reader, startReader } from './support/race.ts'
import { type Answer, expectStatus } from './support/request.ts'
import { type Cast, createCast, roles } from './support/roles.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

let server: TestServer
let second: TestServer
let calls: CheckedCalls
let tenant: Tenant
let cast: Cast
const samples = new Map<string, Sample>()
const streams: EventStream[] = []
const inWorkspace = routes.filter(({ guard }) => 'permission' in guard && guard.on === 'workspace')
const isOpen = (route: AnyRoute) => route.whenArchived !== undefined

beforeAll(async () => {
  server = await startTestServer()
  second = await startTestServer({}, server)
  calls = await createCheckedCalls(server)
  tenant = await createTenant(server)
  cast = await createCast(server, tenant)
  const inputs = createInputs(server, tenant)
  // What a request names is made while that is still possible.
  for (const route of inWorkspace) {
    for (const role of roles) samples.set(`${route.operationId} ${role}`, await inputs.sample(route, cast[role]))
  }
})
afterEach(async () => {
  for (const stream of streams.splice(0)) await stream.close()
})
afterAll(async () => {
  await second.close()
  await server.close()
})

const path = (rest = '') => `/v1/workspaces/${tenant.workspace.id}${rest}`
const asOwner = (method: string, rest = '', body?: unknown, headers?: Record<string, string>) =>
  server.as(tenant.owner)(method, path(rest), body, headers)
const sampleOf = (route: AnyRoute, role: keyof Cast = 'workspace owner') => samples.get(`${route.operationId} ${role}`)!

async function done(answer: Promise<Answer>): Promise<Answer> {
  expectStatus(await answer, 200)
  return answer
}
const archive = (on = server) => done(on.as(tenant.owner)('POST', path('/archive')))
const restore = (on = server) => done(on.as(tenant.owner)('POST', path('/restore')))

describe('while it is archived', () => {
  beforeAll(() => archive())
  afterAll(() => restore())

  test.each(inWorkspace.map((route) => ({ route, name: route.operationId })))(
    'MB-07 $name is refused with 423 to whoever may do it otherwise, or answers, as the contract says',
    async ({ route }) => {
      for (const role of roles) {
        for (const dryRun of isOpen(route) ? [true] : [true, false]) {
          const answer = await calls.send(route, sampleOf(route, role), { dryRun })
          if ([403, 404].includes(answer.status)) continue
          expectStatus(answer, isOpen(route) ? route.status : 423, role)
          if (!isOpen(route)) expect(answer.json['code']).toBe('workspace_archived')
        }
      }
    },
  )

  test('MB-07 what is refused leaves no trace', async () => {
    await settle(server.superuser)
    const before = await fingerprint(server.superuser)
    for (const route of inWorkspace.filter((candidate) => !isOpen(candidate))) {
      const answer = await calls.send(route, sampleOf(route), { headers: { 'idempotency-key': 'while-archived' } })
      expectStatus(answer, 423, route.operationId)
    }
    expect(await fingerprint(server.superuser)).toEqual(before)
  })

  test('MB-07 it is still listed, as archived, and its detail says so', async () => {
    const listed = await server.as(tenant.owner)('GET', '/v1/workspaces?status=archived')
    expect(listed.list.map(({ id }) => id)).toEqual([tenant.workspace.id])
    expect((await asOwner('GET')).json['status']).toBe('archived')
  })

  test('MB-07 access is taken away all the same', async () => {
    const key = tenant.keys.view
    expectStatus(await asOwner('DELETE', `/api-keys/${key.id}`), 204)
    expectStatus(await server.call('GET', path(), { token: key.token }), 401)
  })
})

test('MB-07 it comes back as it was: the same rows in every table, frozen where it was frozen, with the reason', async () => {
  for (const isFrozen of [false, true]) {
    if (isFrozen) await done(asOwner('PATCH', '/status', { status: 'frozen', reason: 'Unpaid' }))
    await settle(server.superuser)
    const before = await everything()
    const archived = await archive()
    expect(archived.json['status']).toBe('archived')
    expect(await everything()).not.toEqual(before)
    const restored = await restore(second)
    expect([restored.json['status'], restored.json['status_reason']]).toEqual(isFrozen ? ['frozen', 'Unpaid'] : ['active', null])
    await settle(server.superuser)
    expect(await everything()).toEqual(before)
    const write = await asOwner('PATCH', '', { description: 'written after' })
    expectStatus(write, isFrozen ? 423 : 200)
  }
  await done(asOwner('PATCH', '/status', { status: 'active' }))
})

test('MB-07 archiving and restoring leave one event each, and a dry run changes nothing', async () => {
  for (const [verb, from, to] of [
    ['archive', 'active', 'archived'],
    ['restore', 'archived', 'active'],
  ]) {
    const dry = await done(asOwner('POST', `/${verb}?dry_run=true`))
    expect([dry.json['status'], (await asOwner('GET')).json['status']]).toEqual([to, from])
    const requestId = `once-${verb}`
    await done(asOwner('POST', `/${verb}`, undefined, { 'x-request-id': requestId }))
    const events = await auditOf(server.superuser, requestId)
    expect(events.map(({ action, actor_id }) => [action, actor_id])).toEqual([[`workspace.${verb}`, tenant.owner.id]])
  }
})

test('MB-07 every other transition is 409 and says what it is, or 423 where it is archived', async () => {
  const active = await asOwner('POST', '/restore')
  expect([active.status, active.json['code'], active.json['workspace_status']]).toEqual([409, 'invalid_state', 'active'])
  await done(asOwner('PATCH', '/status', { status: 'frozen' }))
  expectStatus(await asOwner('POST', '/restore'), 409)
  await archive()
  for (const [method, rest, body] of [
    ['POST', '/archive', undefined],
    ['PATCH', '/status', { status: 'active' }],
  ] as const) {
    const refused = await asOwner(method, rest, body)
    expect([refused.status, refused.json['code']]).toEqual([423, 'workspace_archived'])
  }
  await restore()
  await done(asOwner('PATCH', '/status', { status: 'active' }))

  for (const status of ['provisioning', 'failed', 'offboarding', 'deleted'] as const) {
    const other = await server.workspace({ id: tenant.accountId, owner: tenant.owner })
    await server.setStatus(other, status)
    for (const verb of ['archive', 'restore']) {
      const refused = await server.as(tenant.owner)('POST', `/v1/workspaces/${other.id}/${verb}`)
      expect([refused.status, refused.json['code'], refused.json['workspace_status']]).toEqual([409, 'invalid_state', status])
    }
  }
})

test('MB-07 of 10 that archive at once one does, and no request is left half done', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => (index % 2 ? server : second).as(tenant.owner)('POST', path('/archive'))),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 423)).toHaveLength(9)
  expect((await restore()).json['status']).toBe('active')
})

test('MB-07 streams of an archived workspace are cut, but that of its audit, which tells of the archiving and the restoring', async () => {
  const runId = await server.failedRun(tenant.workspace)
  await server.superuser.query("update hub.saga_run set status = 'running', finished_at = null where id = $1", [runId])
  const run = await openEvents(server, `/v1/provisioning-runs/${runId}/events`, tenant.owner)
  const audit = await openEvents(server, path('/audit/events'), tenant.owner)
  streams.push(run, audit)
  await run.wait(({ event }) => event === 'run')

  await archive(second)
  await run.ended(5000)
  await audit.wait(({ data }) => data['action'] === 'workspace.archive')
  await restore(second)
  await audit.wait(({ data }) => data['action'] === 'workspace.restore')
  expect(audit.endedAt()).toBe(null)
})

test('MB-07 when an archiving has answered, no write is in flight on any process, and nothing more is read', async () => {
  const stop = new AbortController()
  const writers = Array.from({ length: 6 }, (_, index) => startWriter(index % 2 ? server : second, stop.signal))
  const answersOf = () => writers.map(({ written, refused }) => written + refused)
  const rounds = 5
  let reader: Reader | undefined
  let stale = 0
  try {
    for (let round = 0; round < rounds; round++) {
      const [archiving, restoring] = round % 2 ? [server, second] : [second, server]
      reader = startReader(restoring.url + path('/environments'), tenant.owner.token, { connections: 2 })
      const before = sumOf(writers, 'written')
      await waitFor(
        async () => [sumOf(writers, 'written') - before, reader!.reads] as const,
        ([written, reads]) => written >= writers.length && reads > 2,
      )
      await archive(archiving)
      reader.revoked()
      const atArchive = await lastWrite()
      const at = answersOf()
      // A writer's second answer from now is to a request that was sent after the archiving had answered.
      await waitFor(
        async () => answersOf().map((count, index) => count - at[index]!),
        (grown) => grown.every((count) => count >= 2) && reader!.after > 2,
      )
      expect(await lastWrite()).toEqual(atArchive)
      await reader.stop()
      stale += reader.stale
      await restore(restoring)
    }
  } finally {
    stop.abort()
    await reader?.stop()
    await Promise.all(writers.map(({ ended }) => ended))
  }
  expect([stale, writers.flatMap(({ wrong }) => wrong)]).toEqual([0, []])
  const { rows } = await server.superuser.query("select 1 from hub.audit_event where request_id like 'archive-race-%'")
  expect(rows).toHaveLength(sumOf(writers, 'written'))
})

test('every exemption from archiving says why, and no other route answers', () => {
  const open = inWorkspace.filter(isOpen)
  expect(open.filter(({ whenArchived }) => whenArchived!.allow.length < 15)).toEqual([])
  expect(open.map(({ operationId }) => operationId).toSorted()).toEqual([
    'exportWorkspace',
    'exportWorkspaceAudit',
    'getOrgWorkspace',
    'getWorkspace',
    'listWorkspaceAudit',
    'restoreOrgWorkspace',
    'restoreWorkspace',
    'revokeApiKey',
    'revokeGrant',
    'revokeInvitation',
    'streamWorkspaceAudit',
    'verifyWorkspaceAudit',
  ])
  for (const operationId of ['archiveWorkspace', 'restoreWorkspace'] satisfies OperationId[]) {
    expect(contract[operationId].guard).toMatchObject({ permission: 'administer', on: 'workspace' })
  }
})

/** All that is stored, but what tells that something happened. */
async function everything(): Promise<unknown> {
  const { rows } = await server.superuser.query("select to_jsonb(w) - 'updated_at' as workspace from hub.workspace w where id = $1", [
    tenant.workspace.id,
  ])
  return [rows, await fingerprint(server.superuser, ['hub.workspace', 'hub.gate', 'hub.audit_event', 'hub.audit_head'])]
}

type Writer = { written: number; refused: number; wrong: string[]; ended: Promise<void> }

function startWriter(on: TestServer, signal: AbortSignal): Writer {
  const writer: Writer = { written: 0, refused: 0, wrong: [], ended: Promise.resolve() }
  writer.ended = (async () => {
    while (!signal.aborted) {
      const answer = await on.as(tenant.owner)('PATCH', path(), { description: newId() }, { 'x-request-id': `archive-race-${newId()}` })
      if (answer.status === 200) writer.written += 1
      else if (answer.status === 423 && answer.json['code'] === 'workspace_archived') writer.refused += 1
      else writer.wrong.push(answer.text)
    }
  })()
  return writer
}

function sumOf(writers: Writer[], answer: 'written' | 'refused'): number {
  return writers.reduce((sum, writer) => sum + writer[answer], 0)
}

async function lastWrite(): Promise<unknown> {
  const { rows } = await server.superuser.query(
    `select w.description, w.updated_at, (select count(*) from hub.audit_event where chain_id = w.id) as events
     from hub.workspace w where id = $1`,
    [tenant.workspace.id],
  )
  return rows
}
