import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'
import { openStartupConnection } from './startup-connection.ts'
import { StartupError } from './startup-error.ts'

const folder = new URL('../migrations/', import.meta.url)
const namePattern = /^\d{4}_[a-z0-9_]+\.sql$/

export type Migration = { name: string; sql: string; checksum: string }

/** The migrations of this version, in order. */
export function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => namePattern.test(name))
    .toSorted()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

/**
 * Brings the schema up to this version, each migration in a transaction of its own, one process at a time.
 * `url` is the migrator's. `further` runs behind the migrations under the same lock (the job queue's own tables).
 * Throws StartupError when an applied migration was edited, or when the database is of a newer version.
 */
export async function migrate(url: string, further: (client: pg.Client) => Promise<void> = async () => {}): Promise<string[]> {
  const client = await openStartupConnection(url, { variable: 'DATABASE_URL', applicationName: 'freehold-migrate' })
  try {
    await client.query("select pg_advisory_lock(hashtextextended('freehold:migrate', 0))")
    await client.query("set lock_timeout = '2s'")
    await client.query('create schema if not exists freehold')
    await client.query(
      'create table if not exists freehold.migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from freehold.migration order by name')
    const pending = pendingMigrations(readMigrations(), rows)
    for (const migration of pending) await apply(client, migration)
    await further(client)
    return pending.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}

function pendingMigrations(known: Migration[], applied: { name: string; checksum: string }[]): Migration[] {
  const byName = new Map(known.map((migration) => [migration.name, migration]))
  for (const { name, checksum } of applied) {
    const migration = byName.get(name)
    if (!migration)
      throw new StartupError(
        `The database has migration ${name}, which this version does not know. Start a version of Freehold at least as new as the database.`,
      )
    if (migration.checksum !== checksum)
      throw new StartupError(
        `Migration ${name} differs from the one that the database was made with. Restore the file; write a new migration for a change.`,
      )
  }
  const names = new Set(applied.map((row) => row.name))
  return known.filter((migration) => !names.has(migration.name))
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into freehold.migration (name, checksum) values ($1, $2)', [migration.name, migration.checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${migration.name} failed and was rolled back`, { cause: error })
  }
}
