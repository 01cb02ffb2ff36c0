import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { newId } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelRun, startRun, startWorker } from './index.ts'
import { keepLogs } from './test-fixtures/logs.ts'
import { describeWorkspace, provision } from './test-fixtures/provision.saga.ts'
import { type Fixture, isOver, openFixture } from './test-fixtures/test-place.ts'

const program = path.join(import.meta.dirname, 'test-fixtures/worker-process.ts')
const recoveredWithinMs = 15_000

let fixture: Fixture
let folder: string
let child: ChildProcessByStdio<null, Readable, null> | undefined
beforeAll(async () => {
  fixture = await openFixture()
  folder = await mkdtemp(path.join(tmpdir(), 'freehold-planes-'))
})
afterAll(async () => {
  child?.kill('SIGKILL')
  await fixture.drop()
  await rm(folder, { recursive: true })
})

/** Resolves when the process says a word on a line of its own. */
function listen(from: Readable): (word: string) => Promise<void> {
  const heard = new Map<string, PromiseWithResolvers<void>>()
  const wait = (word: string) => {
    const known = heard.get(word) ?? Promise.withResolvers<void>()
    heard.set(word, known)
    return known
  }
  createInterface(from).on('line', (line) => wait(line).resolve())
  return (word) => wait(word).promise
}

type Case = { phase: 'run' | 'undo'; step: string; cancelled?: boolean }

/** Kills the process that holds a run, and answers how the run ended in another, and when. */
async function killInside({ phase, step, cancelled = false }: Case) {
  child = spawn(process.execPath, [program, fixture.url, folder, phase, step], { stdio: ['ignore', 'pipe', 'inherit'] })
  const hears = listen(child.stdout)
  await hears('ready')
  const place = await fixture.createWorkspace()
  const runId = newId()
  await fixture.inWorkspace(place, async (tx) => {
    await startRun(tx, provision, {
      runId,
      ...place,
      input: { slugs: ['dev', 'prod'] },
      done: ['reserve', ...(cancelled ? ['environments'] : [])],
    })
    if (cancelled) await cancelRun(tx, { runId, sagas: [provision] })
  })
  await hears('reached')

  const { appUrl, writes } = fixture.database
  const worker = await startWorker({ url: appUrl, writes, sagas: [provision], deps: { folder }, logger: keepLogs() })
  try {
    child.kill('SIGKILL')
    const killedAt = performance.now()
    const run = await fixture.waitFor(place, runId, isOver)
    const tookMs = performance.now() - killedAt
    return { run, tookMs, left: await fixture.inWorkspace(place, (tx) => describeWorkspace(tx, place.workspaceId, folder)) }
  } finally {
    await worker.stop()
  }
}

const whole = { status: 'active', environments: ['dev', 'prod'], limits: [{ name: 'keys', allowed: '10' }], planes: ['workspace'] }

test('GF-05 a worker killed inside a step in Postgres: another process finishes the run within 15 s', async () => {
  const { run, tookMs, left } = await killInside({ phase: 'run', step: 'environments' })
  expect(run.status).toBe('succeeded')
  expect(run.steps.map((step) => step.attempts)).toEqual([1, 2, 1, 1, 1])
  expect(left).toEqual(whole)
  expect(tookMs).toBeLessThan(recoveredWithinMs)
})

test('GF-05 a worker killed behind an effect outside Postgres: another process finishes the run, with the effect once', async () => {
  const { run, tookMs, left } = await killInside({ phase: 'run', step: 'plane' })
  expect(run.status).toBe('succeeded')
  expect(left).toEqual(whole)
  expect(tookMs).toBeLessThan(recoveredWithinMs)
})

test('GF-05 a worker killed inside an undo: another process undoes the rest', async () => {
  const { run, tookMs, left } = await killInside({ phase: 'undo', step: 'environments', cancelled: true })
  expect(run.status).toBe('cancelled')
  expect(left).toEqual({ status: 'deleted', environments: [], limits: [], planes: [] })
  expect(tookMs).toBeLessThan(recoveredWithinMs)
})
