import { type AnyRoute, routes } from '@freehold/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from './support/actors.ts'
import { createInputs, pathOf } from './support/inputs.ts'
import { expectStatus } from './support/request.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

const freezes = 12
const writers = 8

let server: TestServer
let second: TestServer
let tenant: Tenant

beforeAll(async () => {
  server = await startTestServer()
  second = await startTestServer({}, server)
  tenant = await createTenant(server)
  await server.setLimits(tenant.workspace)
})
afterAll(async () => {
  await second.close()
  await server.close()
})

type Writer = { away: number; refused: number; written: number; wrong: string[]; ended: Promise<void> }

test('GF-10 when a freeze has answered, no write is in flight on any process and none comes after it', async () => {
  const stop = new AbortController()
  const verbs = routes.filter(isRepeatable)
  const started = Array.from({ length: writers }, (_, index) =>
    write(verbs[index % verbs.length]!, index % 2 ? tenant.owner : tenant.keys.admin, index < writers / 2 ? server : second, stop.signal),
  )
  let toggles = 0
  const late: string[] = []
  try {
    for (; toggles < freezes; toggles++) {
      const before = sumOf(started, 'written')
      await waitFor(
        async () => sumOf(started, 'written'),
        (written) => written >= before + writers,
      )
      const [freezing, thawing] = toggles % 2 ? [server, second] : [second, server]
      await setStatus(freezing, 'frozen')
      const atFreeze = await countWrites()
      await waitForStragglers(started)
      const later = await countWrites()
      if (later !== atFreeze) late.push(`${atFreeze} became ${later}`)
      await setStatus(thawing, 'active')
    }
  } finally {
    stop.abort()
    await Promise.all(started.map(({ ended }) => ended))
  }

  const figures = {
    toggles,
    written: sumOf(started, 'written'),
    refused: sumOf(started, 'refused'),
    told_to_come_back: sumOf(started, 'away'),
    late: late.length,
  }
  process.stdout.write(`freeze race: ${JSON.stringify(figures)}\n`)
  expect(started.flatMap(({ wrong }) => wrong)).toEqual([])
  expect(late).toEqual([])
  expect(figures.told_to_come_back).toBe(0)
  // Every write that was acknowledged has its event, and no other has.
  const { rows } = await server.superuser.query<{ events: number }>(
    "select count(*)::int as events from hub.audit_event where request_id like 'race-%'",
  )
  expect(rows[0]!.events).toBe(sumOf(started, 'written'))
}, 120_000)

/** A refused write that an admin's key may send too, again and again, and for which nothing need be made while it is frozen. */
function isRepeatable({ guard, whenFrozen, params }: AnyRoute): boolean {
  if (!('on' in guard) || guard.on !== 'workspace' || guard.principals || guard.permission === 'transfer') return false
  const ids = Object.keys(params?.properties ?? {})
  return whenFrozen === 'refuse' && ids.every((name) => ['workspace_id', 'run_id'].includes(name))
}

function write(route: AnyRoute, caller: Actor, on: TestServer, signal: AbortSignal): Writer {
  const writer: Writer = { away: 0, refused: 0, written: 0, wrong: [], ended: Promise.resolve() }
  const inputs = createInputs(server, tenant, { fresh: true })
  writer.ended = (async () => {
    for (let count = 0; !signal.aborted; count++) {
      const sample = await inputs.sample(route, caller)
      const { status, text } = await on.call(route.method, pathOf(route, sample), {
        token: caller.token,
        body: sample.body,
        headers: { 'x-request-id': `race-${on === server ? 1 : 2}-${route.operationId}-${caller.id}-${count}` },
      })
      if (status === 423) writer.refused += 1
      else if (status === route.status) writer.written += 1
      else if (status === 503) writer.away += 1
      else writer.wrong.push(`${route.operationId} ${status} ${text}`)
    }
  })()
  return writer
}

/** Until nothing is on its way that was sent before this call: a writer's second answer from now is to a later request. */
async function waitForStragglers(started: Writer[]): Promise<void> {
  const before = started.map(countAnswers)
  await waitFor(
    async () => started.map((writer, index) => countAnswers(writer) - before[index]!),
    (grown) => grown.every((count) => count >= 2),
  )
}

function countAnswers({ written, refused, away, wrong }: Writer): number {
  return written + refused + away + wrong.length
}

function sumOf(started: Writer[], answer: 'written' | 'refused' | 'away'): number {
  return started.reduce((sum, writer) => sum + writer[answer], 0)
}

async function setStatus(on: TestServer, status: 'active' | 'frozen'): Promise<void> {
  const answer = await on.as(tenant.owner)('PATCH', `/v1/workspaces/${tenant.workspace.id}/status`, { status })
  expectStatus(answer, 200)
}

async function countWrites(): Promise<string> {
  const { rows } = await server.superuser.query<{ state: string }>(
    `select concat_ws(' ', (select count(*) from hub.audit_event where chain_id = $1), (select count(*) from hub.environment where workspace_id = $1),
       (select count(*) from hub.credential where workspace_id = $1), (select updated_at from hub.workspace where id = $1)) as state`,
    [tenant.workspace.id],
  )
  return rows[0]!.state
}
