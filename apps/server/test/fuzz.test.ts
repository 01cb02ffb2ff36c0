import { type AnyRoute, isMutation, routes } from '@freehold/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arbitraryOf, type KnownIds } from './support/arbitrary.ts'
import { type CheckedCalls, createCheckedCalls } from './support/checked-calls.ts'
import type { Sample } from './support/inputs.ts'
import type { JsonSchema } from './support/json-schema.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { makeActive } from './support/workspace-status.ts'

// The same in each run unless told otherwise, so that a failure is never a matter of luck.
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 2000)
const seed = Number(process.env['FUZZ_SEED'] ?? 1)

const changingStatus = ['setWorkspaceStatus', 'archiveWorkspace', 'archiveOrgWorkspace', 'updateOrgWorkspace']

let server: TestServer
let calls: CheckedCalls
let mine: Tenant
let theirs: Tenant

beforeAll(async () => {
  server = await startTestServer()
  calls = await createCheckedCalls(server)
  mine = await createTenant(server)
  theirs = await createTenant(server)
  await server.setLimits(mine.workspace)
})
afterAll(() => server.close())

test(
  `random requests, valid and not, get no 5xx and no status that is not declared (${requests} requests, seed ${seed})`,
  async () => {
    const statuses = new Map<number, number>()
    const one = fc.constantFrom(...routes).chain((route) => requestTo(route).map((sample) => ({ route, sample })))
    await fc.assert(
      fc.asyncProperty(one, async ({ route, sample }) => {
        const { status, text } = await calls.send(route, sample)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        expect(text).not.toContain(theirs.canary)
        if (changingStatus.includes(route.operationId) && status === 200) await makeActive(server, mine)
      }),
      { numRuns: requests, seed, endOnFailure: true },
    )
    process.stdout.write(`fuzz: ${JSON.stringify(Object.fromEntries(statuses))}\n`)
    // A fuzz that never gets in, or is never refused, tries nothing.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 403, 404]))
  },
  60_000 + requests * 20,
)

function requestTo(route: AnyRoute): fc.Arbitrary<Sample> {
  const part = (schema: JsonSchema | undefined) => (schema ? arbitraryOf(schema, '', idsOf) : fc.constant(undefined))
  const headers = fc.record(
    {
      'idempotency-key': fc.oneof(
        { arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), weight: 9 },
        fc.constantFrom('with space', ''),
      ),
      'if-match': fc.constantFrom('*', '"x"', 'W/"x"', 'nonsense'),
      'if-none-match': fc.constantFrom('*', '"x"'),
      'last-event-id': fc.constantFrom('0', '-1', '99999999999999999999', 'x'),
      'x-request-id': fc.constantFrom('ok', 'not ok', 'ü'.normalize('NFD').slice(0, 1)),
    },
    { requiredKeys: [] },
  )
  const token = fc.oneof({ arbitrary: fc.constantFrom('owner', 'admin', 'view', 'operator'), weight: 9 }, fc.constant('nonsense'))
  return fc
    .record({
      params: part(route.params),
      query: part(route.query),
      body: route.takes ? fc.string() : part(route.body),
      headers,
      token,
      dry: fc.boolean(),
    })
    .map((made) => ({
      params: asTexts(made.params, '-'),
      query: { ...asTexts(made.query, ''), ...(made.dry && isMutation(route) && { dry_run: 'true' }) },
      body: made.body === undefined ? undefined : JSON.stringify(made.body),
      headers: made.headers as Record<string, string>,
      token: tokenOf(made.token),
    }))
}

const idsOf: KnownIds = (name) =>
  ({
    workspace_id: [mine.workspace.id, theirs.workspace.id],
    account_id: [mine.accountId, theirs.accountId],
    orgId: [mine.accountId, theirs.accountId],
    run_id: [mine.workspace.runId, theirs.workspace.runId],
    api_key_id: [mine.keys.edit.id, theirs.keys.edit.id],
  })[name] ?? [theirs.owner.id]

function tokenOf(name: string): string {
  const tokens: Record<string, string> = {
    owner: mine.owner.token,
    admin: mine.keys.admin.token,
    view: mine.keys.view.token,
    operator: server.operator.token,
  }
  return tokens[name] ?? name
}

/** A value as it can stand in a URL: an object of texts. Whatever is not an object has no fields. */
function asTexts(value: unknown, whenEmpty: string): Record<string, string> {
  if (typeof value !== 'object' || value === null) return new Proxy({}, { get: () => whenEmpty || 'x', ownKeys: () => [] })
  const texts = Object.entries(value).map(([name, inner]) => [
    name.toWellFormed(),
    (typeof inner === 'string' ? inner : (JSON.stringify(inner) ?? '')).toWellFormed() || whenEmpty,
  ])
  return Object.fromEntries(texts) as Record<string, string>
}
