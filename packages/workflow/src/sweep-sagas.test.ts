import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from '@freehold/db'
import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Saga, saga, type Step, startRun, sweepSagas, type World } from './index.ts'
import { type Deps, describeWorkspace, type Input, provision } from './test-fixtures/provision.saga.ts'
import { type Fixture, openFixture } from './test-fixtures/test-place.ts'

let fixture: Fixture
let folder: string
beforeAll(async () => {
  fixture = await openFixture()
  folder = await mkdtemp(path.join(tmpdir(), 'freehold-planes-'))
})
afterAll(async () => {
  await fixture.drop()
  await rm(folder, { recursive: true })
})

async function openWorld(swept: Saga<Input, Deps>): Promise<World> {
  const place = await fixture.createWorkspace()
  const runId = newId()
  const nothing = { environments: [], limits: [], planes: [] }
  return {
    writes: fixture.database.writes,
    deps: { folder },
    place,
    async start() {
      await fixture.inWorkspace(place, (tx) =>
        startRun(tx, swept, { runId, ...place, input: { slugs: ['dev', 'prod'] }, done: ['reserve'] }),
      )
      return runId
    },
    fingerprint: () => fixture.inWorkspace(place, (tx) => describeWorkspace(tx, place.workspaceId, folder)),
    failed: { status: 'failed', ...nothing },
    cancelled: { status: 'deleted', ...nothing },
  }
}

const sweep = (swept: Saga<Input, Deps>) => sweepSagas([swept], { [swept.name]: () => openWorld(swept) })

/** The saga with another step in the place of the one of its name, and no others but those that every run has. */
function plant(change: (step: Step<Input, Deps>) => Step<Input, Deps>, name: string): Saga<Input, Deps> {
  const steps = provision.steps.filter((step) => ['reserve', name, 'activate'].includes(step.name))
  return saga(
    'test.planted',
    steps.map((step) => (step.name === name ? change(step) : step)),
    provision.hooks,
  )
}

test('GF-05 a saga leaves the finished state, or nothing, wherever a step or an undo fails, stumbles, crashes or is cancelled', async () => {
  const { cases, faults } = await sweep(provision)
  expect(faults).toEqual([])
  // Four steps at three points, struck four ways but for a cancel of what is over; four undos at three points, three ways.
  expect(cases).toBe(4 * 3 * 4 - 1 + 4 * 3 * 3)
})

test('a saga without a world fails the sweep', async () => {
  const { faults } = await sweepSagas([provision], {})
  expect(faults).toEqual(['test.provision: has no world to be swept in'])
})

test('the sweep finds an undo that leaves something behind', async () => {
  const { faults } = await sweep(plant((step) => ({ ...step, undo: async () => undefined }), 'limits'))
  expect(faults.length).toBeGreaterThan(0)
  expect(faults.join('\n')).toContain('"limits":[{"name":"keys","allowed":"10"}]')
})

test('the sweep finds an outside effect that is not named after its run', async () => {
  const twice = plant(
    () => ({
      name: 'plane',
      outside: true,
      run: ({ run }) => writeFile(path.join(folder, `${run.workspaceId}-${newId()}`), 'plane'),
      undo: async () => undefined,
    }),
    'plane',
  )
  const { faults } = await sweep(twice)
  expect(faults.length).toBeGreaterThan(0)
})

test('the sweep finds a step that cannot be repeated', async () => {
  const once = plant(
    (step) =>
      ({
        ...step,
        run: ({ tx, run }) =>
          tx.run(build.insertInto('hub.workspace_limit').values({ workspace_id: run.workspaceId, name: newId(), allowed: 1 })),
      }) as Step<Input, Deps>,
    'limits',
  )
  const { faults } = await sweep(once)
  expect(faults.length).toBeGreaterThan(0)
})
