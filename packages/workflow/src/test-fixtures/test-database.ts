import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build, type Database, openDatabase, startEmbeddedPostgres, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { installJobs } from '../index.ts'

export type Place = { workspaceId: string; accountId: string }

export type TestDatabase = {
  database: Database
  /** The migrator's URL. */
  url: string
  /** A workspace in state `provisioning`, with an account of its own. */
  createWorkspace(): Promise<Place>
  /** Reads or writes in a workspace, as a verb that leaves an audit event would. */
  inWorkspace<R>(place: Place, fn: (tx: Tx) => Promise<R>): Promise<R>
  stop(): Promise<void>
}

/** A database of its own, on a throw-away server. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'freehold-workflow-'))
  const server = await startEmbeddedPostgres({ dataDir, durable: false })
  const database = await openDatabase({ url: server.url, further: installJobs })

  const inWorkspace: TestDatabase['inWorkspace'] = (place, fn) =>
    database.writes.transaction(place, async (tx) => {
      await markRecorded(tx)
      return fn(tx)
    })
  return {
    database,
    url: server.url,
    inWorkspace,
    async createWorkspace() {
      const place = { workspaceId: newId(), accountId: newId() }
      await inWorkspace(place, (tx) => insertPlace(tx, place))
      return place
    },
    async stop() {
      await database.close()
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function insertPlace(tx: Tx, { workspaceId, accountId }: Place): Promise<void> {
  const now = new Date()
  await tx.run(build.insertInto('hub.account').values({ id: accountId, name: 'Account', slug: `a-${accountId}`, created_at: now, updated_at: now }))
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

// Stands for the audit event that a verb writes.
async function markRecorded(tx: Tx): Promise<void> {
  await tx.sql({ name: 'test_recorded', text: "select set_config('app.recorded_by', pg_current_xact_id()::text, true)", values: [] })
}
