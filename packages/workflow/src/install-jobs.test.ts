import { assertIsolation, migrate } from '@freehold/db'
import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { getRollbackPlans, PgBoss } from 'pg-boss'
import { afterEach, expect, test } from 'vitest'
import { installJobs } from './index.ts'
import { createBossOn, jobsSchema, runQueue, runQueueOptions } from './jobs.ts'

let opened: TestDatabase | undefined
afterEach(async () => {
  await opened?.drop()
  opened = undefined
})

const older = 38

test('the job tables are of the right shape after an installation, and after one that was repeated', async () => {
  opened = await createTestDatabase()
  await migrate(opened.url, installJobs)
  await migrate(opened.url, async (client) => {
    const boss = createBossOn({ executeSql: (text, values) => client.query(text, values) })
    expect(await boss.detectSchemaDrift()).toMatchObject({ ok: true })
    expect(await boss.getQueue(runQueue)).toMatchObject(runQueueOptions)
  })
})

test('job tables of an older version are brought up to date', async () => {
  opened = await createTestDatabase()
  await migrate(opened.url, async (client) => {
    const boss = createBossOn({ executeSql: (text, values) => client.query(text, values) })
    for (let version = (await boss.schemaVersion())!; version > older; version--) await client.query(getRollbackPlans(jobsSchema, version))
    expect(await boss.schemaVersion()).toBe(older)
    await installJobs(client)
    expect(await boss.detectSchemaDrift()).toMatchObject({ ok: true })
  })
})

test('job tables of a newer version are refused', async () => {
  opened = await createTestDatabase()
  const install = migrate(opened.url, async (client) => {
    await client.query(`update ${jobsSchema}.version set version = version + 1`)
    await installJobs(client)
  })
  await expect(install).rejects.toThrow('this program knows')
})

test('the application role works the queue without owning it or adding to it', async () => {
  opened = await createTestDatabase()
  const boss = new PgBoss({
    connectionString: opened.database.appUrl,
    schema: jobsSchema,
    migrate: false,
    createSchema: false,
    schedule: false,
  })
  await boss.start()
  try {
    const id = await boss.send(runQueue, { run_id: 'x' })
    expect(await boss.fetch(runQueue)).toMatchObject([{ id, data: { run_id: 'x' } }])
    await expect(boss.getDb().executeSql(`create table ${jobsSchema}.extra ()`)).rejects.toThrow('permission denied')
  } finally {
    await boss.stop({ graceful: false })
  }
  await assertIsolation(opened.database.appUrl)
})
