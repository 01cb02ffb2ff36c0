import { openStartupConnection } from './startup-connection.ts'
import type { Statement } from './statement.ts'

/** Reads as the tables' owner, on one connection. */
export type OwnerReads = { sql<Row>(statement: Statement): Promise<Row[]>; close(): Promise<void> }

/** For an operator's commands, which hold the migrator's credentials; the server never reads by them. */
export async function openOwnerReads(url: string): Promise<OwnerReads> {
  const client = await openStartupConnection(url, { variable: 'DATABASE_URL', applicationName: 'freehold-operator' })
  await client.query('set default_transaction_read_only = on')
  return {
    sql: async <Row>(statement: Statement) => (await client.query(statement)).rows as Row[],
    close: () => client.end(),
  }
}
