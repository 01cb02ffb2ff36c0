import { isDeepStrictEqual } from 'node:util'
import type { WritePool } from '@freehold/db'
import { systemClock } from '@freehold/kit'
import { Abandoned, type Delivery, type Engine, type FaultPoint } from './engine.ts'
import { executeRun } from './execute-run.ts'
import { cancelRun, retryRun } from './operate-run.ts'
import { type AnySaga, defaultRetry, indexSagas } from './saga.ts'
import { describeCase, listSweepCases, type SweepCase } from './sweep-cases.ts'

/** Something for a saga to change: a workspace of its own, and whatever lies outside Postgres. */
export type World = {
  writes: WritePool
  deps: unknown
  place: { workspaceId: string; accountId: string }
  /** Commits what the verb would, `startRun` included, and answers the run's id. */
  start(): Promise<string>
  /** All that the saga may touch, in and outside Postgres, without ids and times of its own. */
  fingerprint(): Promise<unknown>
  /** What is left on purpose of a run that failed; without it, exactly what was there before `start`. */
  failed?: unknown
  /** The same for a cancelled run; without it, as for a failed one. */
  cancelled?: unknown
}

export type SweepReport = { cases: number; faults: string[] }

const mostExecutors = 10

/**
 * Runs every saga through every case, with each action and each undo done twice, and compares its world with one in
 * which nothing went wrong, or nothing was done. `faults` is empty when all is well; a saga without a world is one.
 */
export async function sweepSagas(sagas: readonly AnySaga[], worlds: Readonly<Record<string, () => Promise<World>>>): Promise<SweepReport> {
  const report: SweepReport = { cases: 0, faults: [] }
  for (const saga of sagas) {
    const openWorld = worlds[saga.name]
    if (!openWorld) {
      report.faults.push(`${saga.name}: has no world to be swept in`)
      continue
    }
    const { finished, done } = await runUndisturbed(saga, await openWorld())
    for (const sweepCase of listSweepCases(saga, done)) {
      report.cases += 1
      const faults = await trySweepCase(saga, sweepCase, { world: await openWorld(), finished })
      report.faults.push(...faults.map((fault) => `${describeCase(sweepCase)}: ${fault}`))
    }
  }
  return report
}

async function runUndisturbed(saga: AnySaga, world: World): Promise<{ finished: unknown; done: string[] }> {
  const runId = await world.start()
  const done = await world.writes.transaction(world.place, (tx) =>
    tx.sql<{ name: string }>({
      name: 'sweep_done',
      text: "select name from hub.saga_step where run_id = $1 and status = 'succeeded'",
      values: [runId],
    }),
  )
  await executeRun(
    createEngine(saga, world, async () => undefined, false),
    noDelivery(),
    runId,
  )
  return { finished: await world.fingerprint(), done: done.map((step) => step.name) }
}

type Stage = { world: World; finished: unknown }

async function trySweepCase(saga: AnySaga, sweepCase: SweepCase, { world, finished }: Stage): Promise<string[]> {
  const before = await world.fingerprint()
  const runId = await world.start()
  const operation = { runId, sagas: [saga] }
  const operate = (verb: typeof retryRun) => world.writes.transaction(world.place, (tx) => verb(tx, operation))
  const strike = createStrike(saga, sweepCase, () => operate(cancelRun))
  const engine = createEngine(saga, world, strike.hit, true)

  const faults: string[] = []
  const compare = async (expected: unknown, when: string) => {
    const found = await world.fingerprint()
    if (!isDeepStrictEqual(found, expected)) faults.push(`${when}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`)
  }
  const compensated = 'failed' in world ? world.failed : before

  let end = await driveToEnd(engine, world, runId)
  if (!strike.wasHit()) faults.push('the point was never reached')
  if (end === 'parked') {
    strike.spare()
    await operate(retryRun)
    end = await driveToEnd(engine, world, runId)
  }
  if (end !== sweepCase.ends) return [...faults, `the run ended ${end}, expected ${sweepCase.ends}`]

  if (end === 'succeeded') await compare(finished, 'succeeded')
  else if (end === 'cancelled') await compare('cancelled' in world ? world.cancelled : compensated, 'cancelled')
  else {
    await compare(compensated, 'compensated')
    strike.spareAll()
    await operate(retryRun)
    const again = await driveToEnd(engine, world, runId)
    if (again !== 'succeeded') return [...faults, `the retried run ended ${again}`]
    await compare(finished, 'retried')
  }
  return faults
}

/** Lets one executor after the other take the run up, as each is struck down. */
async function driveToEnd(engine: Engine, world: World, runId: string): Promise<string> {
  for (let executor = 0; executor < mostExecutors; executor++) {
    try {
      await executeRun(engine, noDelivery(), runId)
      break
    } catch (error) {
      if (!(error instanceof Abandoned || error instanceof Blown)) throw error
    }
  }
  const [row] = await world.writes.transaction(world.place, (tx) =>
    tx.sql<{ status: string; parked: boolean; pending: boolean }>({
      name: 'sweep_end',
      text: `select status, parked, exists (select from hub.saga_pending where run_id = $1) as pending from hub.saga_run where id = $1`,
      values: [runId],
    }),
  )
  if (!row) return 'lost'
  if (row.pending) return `stuck (${row.status})`
  return row.parked ? 'parked' : row.status
}

class Blown extends Error {
  override readonly name = 'Blown'
}

function createStrike(saga: AnySaga, { point, blow }: SweepCase, cancel: () => Promise<void>) {
  // An undo is only reached where something behind it fails: the last step does, when its effect is there.
  const trigger: FaultPoint | undefined =
    point.phase === 'undo' ? { ...point, step: saga.steps.at(-1)!.name, phase: 'run', at: 'after_effect' } : undefined
  let hits = 0
  let spared = false
  let sparedAll = false
  async function hit(at: FaultPoint): Promise<void> {
    if (sparedAll) return
    if (trigger && isDeepStrictEqual(at, trigger)) throw new Blown('the last step fails')
    if (spared || !isDeepStrictEqual(at, point)) return
    hits += 1
    if (blow === 'fail' && (hits === 1 || point.at !== 'after_journal')) throw new Blown('struck')
    if (hits > 1) return
    if (blow === 'stumble') throw new Blown('struck once')
    if (blow === 'crash') throw new Abandoned('struck down')
    if (blow === 'cancel') await cancel()
  }
  return {
    hit,
    wasHit: () => hits > 0,
    spare: () => {
      spared = true
    },
    spareAll: () => {
      sparedAll = true
    },
  }
}

function createEngine(saga: AnySaga, world: World, strike: (point: FaultPoint) => Promise<void>, repeatEveryAction: boolean): Engine {
  const silent = () => undefined
  return {
    writes: world.writes,
    sagas: indexSagas([saga]),
    deps: world.deps,
    clock: systemClock,
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    retry: defaultRetry,
    drill: { strike, repeatEveryAction, retry: { attempts: 2, firstDelayMs: 1, longestDelayMs: 1 } },
  }
}

function noDelivery(): Delivery {
  return { lost: new AbortController().signal, stopping: new AbortController().signal }
}
