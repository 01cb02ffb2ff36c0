import { type Database, openDatabase } from '@freehold/db'
import { installJobs } from '@freehold/workflow'
import { randomBytes } from 'node:crypto'
import pg from 'pg'

export const clusterVariable = 'FREEHOLD_TEST_CLUSTER'
export const templateName = 'freehold_template'

export type TestDatabase = {
  /** The migrator's URL. */
  url: string
  /** As a superuser, around row-level security: for looking at what is really there. */
  superuserUrl: string
  database: Database
  drop(): Promise<void>
}

export type TestCluster = { ownerUrl: string; superuserUrl: string }

/** The Postgres that the whole run shares. */
export function testCluster(): TestCluster {
  const text = process.env[clusterVariable]
  if (text === undefined) throw new Error('no test Postgres is running: start the tests by `npm test`, or give vitest the global setup')
  return JSON.parse(text) as TestCluster
}

/** A database of one's own, cloned from the migrated template, opened as the unprivileged role. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { name, url, superuserUrl } = await cloneTemplate()
  const database = await openDatabase({ url, further: installJobs, readConnections: 2, writeConnections: 8 })
  return {
    url,
    superuserUrl,
    database,
    async drop() {
      await database.close()
      // As the superuser: the owner may not end a session of autovacuum's.
      await runOnCluster(`drop database ${name} with (force)`, testCluster().superuserUrl)
    },
  }
}

/** A migrated database that nobody has opened yet. */
export async function cloneTemplate(): Promise<{ name: string; url: string; superuserUrl: string }> {
  const { ownerUrl, superuserUrl } = testCluster()
  const name = `test_${randomBytes(8).toString('hex')}`
  await runOnCluster(`create database ${name} template ${templateName}`)
  return { name, url: withDatabase(ownerUrl, name), superuserUrl: withDatabase(superuserUrl, name) }
}

/** An empty database, for what tests the first migration. */
export async function createEmptyDatabase(): Promise<{ name: string; url: string; superuserUrl: string }> {
  const { ownerUrl, superuserUrl } = testCluster()
  const name = `test_${randomBytes(8).toString('hex')}`
  await runOnCluster(`create database ${name}`)
  return { name, url: withDatabase(ownerUrl, name), superuserUrl: withDatabase(superuserUrl, name) }
}

async function runOnCluster(statement: string, url = testCluster().ownerUrl): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
