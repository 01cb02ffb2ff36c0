import { getConstructionPlans, getMigrationPlans, type PgBoss } from 'pg-boss'
import manifest from 'pg-boss/package.json' with { type: 'json' }
import { createBossOn, jobsSchema, runQueue, runQueueOptions } from './jobs.ts'

/** What `installJobs` needs of a `pg.Client`. */
export type SqlClient = { query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> }

/**
 * Brings pg-boss' schema up to the installed version, makes the queue, and lets the application role use both.
 * Runs as the migrator, one process at a time (`openDatabase({ further: installJobs })`); may be repeated.
 * Throws when the schema is of a newer version.
 */
export async function installJobs(client: SqlClient): Promise<void> {
  const boss = createBossOn({ executeSql: (text, values) => client.query(text, values) })
  await bringUpToDate(boss, client)

  const { policy, ...changeable } = runQueueOptions
  if (await boss.getQueue(runQueue)) await boss.updateQueue(runQueue, changeable)
  else await boss.createQueue(runQueue, { policy, ...changeable })

  await client.query(`
    grant usage on schema ${jobsSchema} to freehold_app;
    grant select, insert, update, delete on all tables in schema ${jobsSchema} to freehold_app;
    grant usage on all sequences in schema ${jobsSchema} to freehold_app`)
}

async function bringUpToDate(boss: PgBoss, client: SqlClient): Promise<void> {
  if (!(await boss.isInstalled())) {
    await client.query(getConstructionPlans(jobsSchema))
    return
  }
  const wanted = manifest.pgboss.schema
  const version = (await boss.schemaVersion()) ?? 0
  if (version > wanted) throw new Error(`the job queue in the database is of version ${version}; this program knows ${wanted}`)
  if (version === wanted) return

  const plans = getMigrationPlans(jobsSchema, version)
  const end = plans.lastIndexOf('COMMIT;') + 'COMMIT;'.length
  await client.query(plans.slice(0, end))
  // Behind the transaction stand index builds, a line each, which Postgres runs only one by one.
  for (const line of plans.slice(end).split('\n')) {
    if (line.trim() && !line.startsWith('--')) await client.query(line)
  }
}
