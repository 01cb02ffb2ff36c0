import { build, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { sweepSagas, type World } from '@freehold/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGate } from '../gates/index.ts'
import { type DataPlane, sagas } from '../provisioning/index.ts'
import { reserveWorkspace } from './reserve-workspace.ts'

let postgres: TestDatabase
const [accountId, ownerId] = [newId(), newId()]

beforeAll(async () => {
  postgres = await createTestDatabase()
  const now = new Date()
  await recorded({ accountId, principalId: ownerId }, async (tx) => {
    await tx.run(build.insertInto('hub.account').values({ id: accountId, name: 'Swept', slug: 'swept', created_at: now, updated_at: now }))
    await openGate(tx, 'account', accountId)
    await openGate(tx, 'user', ownerId)
  })
})
afterAll(() => postgres.drop())

function recorded<R>(scope: Parameters<TestDatabase['database']['writes']['transaction']>[0], fn: (tx: Tx) => Promise<R>): Promise<R> {
  return postgres.database.writes.transaction(scope, async (tx) => {
    await tx.sql({ name: 'recorded', text: "select set_config('app.recorded_by', pg_current_xact_id()::text, true)", values: [] })
    return fn(tx)
  })
}

// As an instance in the hub's own database does it.
const dataPlane: DataPlane = {
  async openWorkspace(tx, { workspaceId, region, tenancyModel, now }) {
    const row = { workspace_id: workspaceId, region, tenancy_model: tenancyModel, applied_version: 1, created_at: now }
    await tx.run(
      build
        .insertInto('instance.workspace')
        .values(row)
        .onConflict((conflict) => conflict.column('workspace_id').doNothing()),
    )
  },
  async dropWorkspace(tx, workspaceId) {
    await tx.run(build.deleteFrom('instance.workspace').where('workspace_id', '=', workspaceId))
  },
}

async function provisioningWorld(): Promise<World> {
  const place = { workspaceId: newId(), accountId }
  const runId = newId()
  const nothing = { environments: [], limits: 0, dataPlanes: 0, environmentTuples: 0, ownTuples: ['account', 'owner'] }
  return {
    writes: postgres.database.writes,
    deps: { dataPlane },
    place,
    async start() {
      await recorded(place, (tx) =>
        reserveWorkspace(tx, {
          ...place,
          runId,
          ownerId,
          name: `Swept ${runId}`,
          description: '',
          region: 'local',
          tenancyModel: 'shared',
          now: new Date(),
        }),
      )
      return runId
    },
    fingerprint: () => recorded(place, (tx) => describe(tx, place.workspaceId)),
    failed: { status: 'failed', ...nothing },
    cancelled: { status: 'deleted', ...nothing },
  }
}

/** All that provisioning touches, without ids and times. */
async function describe(tx: Tx, workspaceId: string): Promise<unknown> {
  const workspace = await tx.first(build.selectFrom('hub.workspace').select('status').where('id', '=', workspaceId))
  const environments = await tx.rows(
    build.selectFrom('hub.environment').select(['slug', 'status', 'protected']).where('workspace_id', '=', workspaceId).orderBy('slug'),
  )
  const limits = await tx.rows(build.selectFrom('hub.workspace_limit').select('name').where('workspace_id', '=', workspaceId))
  const dataPlanes = await tx.rows(build.selectFrom('instance.workspace').select('region').where('workspace_id', '=', workspaceId))
  const tuples = await tx.rows(build.selectFrom('hub.relationship').select(['resource_type', 'relation']).orderBy('relation'))
  return {
    ...(workspace && { status: workspace.status }),
    environments,
    limits: limits.length,
    dataPlanes: dataPlanes.length,
    environmentTuples: tuples.filter((tuple) => tuple.resource_type === 'environment').length,
    ownTuples: tuples.filter((tuple) => tuple.resource_type === 'workspace').map((tuple) => tuple.relation),
  }
}

test('GF-05 every saga of the hub ends finished or undone wherever it fails, crashes, stumbles or is cancelled', async () => {
  const { cases, faults } = await sweepSagas(sagas, { 'workspace.provision': provisioningWorld })
  expect(faults).toEqual([])
  expect(cases).toBeGreaterThan(80)
})
