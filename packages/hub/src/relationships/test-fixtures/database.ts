import { randomBytes } from 'node:crypto'
import { openDatabase } from '@freehold/db'
import pg from 'pg'

const serverUrl = process.env['FREEHOLD_TEST_DATABASE_URL'] ?? 'postgres://mig:x@127.0.0.1:5499/postgres'

/** A migrated database of its own. */
export async function openTestDatabase() {
  const name = `tuples_${randomBytes(6).toString('hex')}`
  await runAsAdmin(`create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const drop = () => runAsAdmin(`drop database ${name}`)
  const database = await openDatabase({ url: url.href }).catch(async (error: unknown) => {
    await drop()
    throw error
  })
  return {
    ...database,
    async close() {
      await database.close()
      await drop()
    },
  }
}

async function runAsAdmin(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
