import { migrate } from '@freehold/db'
import { installJobs } from '@freehold/workflow'
import pg from 'pg'
import { ensureAppRole } from '@freehold/db'
import { type RunningCluster, startCluster } from './test-cluster.ts'
import { clusterVariable, templateName, withDatabase } from './test-database.ts'

/** Starts one real Postgres for the run, with a migrated template that every test file clones. */
export default async function setup(): Promise<RunningCluster['stop']> {
  const { ownerUrl, superuserUrl, stop } = await startCluster()
  process.env[clusterVariable] = JSON.stringify({ ownerUrl, superuserUrl })

  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query(`create database ${templateName}`)
  await client.end()
  const templateUrl = withDatabase(ownerUrl, templateName)
  await ensureAppRole(templateUrl)
  await migrate(templateUrl, installJobs)
  return stop
}
