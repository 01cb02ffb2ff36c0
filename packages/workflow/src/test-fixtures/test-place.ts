import { build, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { readRun } from '../index.ts'

export type Place = { workspaceId: string; accountId: string }
export type Run = NonNullable<Awaited<ReturnType<typeof readRun>>>

export type Fixture = TestDatabase & {
  /** A workspace in state `provisioning`, with an account of its own. */
  createWorkspace(): Promise<Place>
  /** Reads or writes in a workspace, as a verb that leaves an audit event would. */
  inWorkspace<R>(place: Place, fn: (tx: Tx) => Promise<R>): Promise<R>
  read(place: Place, runId: string): Promise<Run>
  /** The run, once it is as wanted. Looks whenever the run tells of a change. */
  waitFor(place: Place, runId: string, wanted: (run: Run) => boolean): Promise<Run>
  /** The rows of a statement that concerns no tenant. */
  look<Row>(text: string, values?: unknown[]): Promise<Row[]>
}

/** A migrated database of its own, with a way to make workspaces in it. */
export async function openFixture(): Promise<Fixture> {
  const test = await createTestDatabase()
  const { writes, notifications } = test.database

  const inWorkspace: Fixture['inWorkspace'] = (place, fn) =>
    writes.transaction(place, async (tx) => {
      await markRecorded(tx)
      return fn(tx)
    })
  async function read(place: Place, runId: string): Promise<Run> {
    const run = await inWorkspace(place, (tx) => readRun(tx, runId))
    if (!run) throw new Error(`no run ${runId}`)
    return run
  }
  return {
    ...test,
    inWorkspace,
    read,
    async createWorkspace() {
      const place = { workspaceId: newId(), accountId: newId() }
      await inWorkspace(place, (tx) => insertPlace(tx, place))
      return place
    },
    async waitFor(place, runId, wanted) {
      for (;;) {
        let off = () => {}
        const changed = new Promise<void>((resolve) => {
          off = notifications.on((notification) => {
            if (notification === null || notification.id === runId) resolve()
          })
        })
        const run = await read(place, runId)
        if (!wanted(run)) await changed
        off()
        if (wanted(run)) return run
      }
    },
    look<Row>(text: string, values: unknown[] = []) {
      return writes.transaction({ proof: {} }, (tx) => tx.sql<Row>({ name: '', text, values }))
    },
  }
}

/** Whether a run has come to rest. */
export function isOver(run: Run): boolean {
  return run.finished_at !== null
}

export async function insertPlace(tx: Tx, { workspaceId, accountId }: Place): Promise<void> {
  const now = new Date()
  await tx.run(
    build.insertInto('hub.account').values({ id: accountId, name: 'Account', slug: `a-${accountId}`, created_at: now, updated_at: now }),
  )
  await tx.run(
    build.insertInto('hub.workspace').values({
      id: workspaceId,
      account_id: accountId,
      name: 'Workspace',
      slug: `w-${workspaceId}`,
      status: 'provisioning',
      region: 'local',
      tenancy_model: 'shared',
      created_at: now,
      updated_at: now,
    }),
  )
}

/** Stands for the audit event that a verb writes. */
export async function markRecorded(tx: Tx): Promise<void> {
  await tx.sql({ name: 'test_recorded', text: "select set_config('app.recorded_by', pg_current_xact_id()::text, true)", values: [] })
}
