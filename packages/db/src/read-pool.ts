import pg from 'pg'
import { DatabaseUnavailable, translateDatabaseError } from './database-errors.ts'
import { enterValues, type Scope } from './scope.ts'
import { prepareEnter, ScopedQuery } from './scoped-query.ts'
import { createDb, type Db, type Statement } from './statement.ts'

export type ReadPool = { under(scope: Scope): Db; close(): Promise<void> }

type Slot = { client: pg.Client | null; opening: Promise<pg.Client> | null }

/**
 * Bounded reads over a few connections, each carrying the pipelines of many requests. They read under REPEATABLE
 * READ, because under READ COMMITTED `enter` and the statement behind it would see two snapshots. They are never
 * sent a cancel, which could hit another request's statement; a statement timeout bounds them instead.
 */
export function openReadPool(url: string, connections = 4): ReadPool {
  const slots: Slot[] = Array.from({ length: connections }, () => ({ client: null, opening: null }))
  let turn = 0
  let closed = false

  async function open(slot: Slot): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: url,
      pipeline: true,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      application_name: 'freehold-read',
      options: '-c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on -c statement_timeout=10000',
    })
    const discard = () => {
      if (slot.client === client) slot.client = null
    }
    client.on('error', discard)
    client.on('end', discard)
    await client.connect()
    await prepareEnter(client)
    slot.client = client
    return client
  }

  function connection(slot: Slot): pg.Client | Promise<pg.Client> {
    if (slot.client) return slot.client
    if (closed) throw new DatabaseUnavailable('the server is stopping')
    slot.opening ??= open(slot).finally(() => {
      slot.opening = null
    })
    return slot.opening
  }

  async function read(values: readonly unknown[], statement: Statement): Promise<pg.QueryResult> {
    const slot = slots[turn++ % slots.length]!
    const ready = connection(slot)
    const client = ready instanceof pg.Client ? ready : await ready
    return new Promise((resolve, reject) => {
      const query = new ScopedQuery(values, statement, (error, result) => {
        if (!error) return resolve(result)
        // 26000: the server has lost a prepared statement that pg believes in. The connection is of no more use.
        if ('code' in error && error.code === '26000' && slot.client === client) {
          slot.client = null
          void client.end()
        }
        reject(error)
      })
      client.query(query)
    })
  }

  async function execute(values: readonly unknown[], statement: Statement): Promise<pg.QueryResult> {
    try {
      return await read(values, statement)
    } catch (error) {
      const lost =
        translateDatabaseError(error) instanceof DatabaseUnavailable || (error instanceof pg.DatabaseError && error.code === '26000')
      if (!lost || closed) throw translateDatabaseError(error)
    }
    // A read changes nothing, so a broken connection is tried once more on a new one.
    try {
      return await read(values, statement)
    } catch (error) {
      throw translateDatabaseError(error)
    }
  }

  return {
    under(scope) {
      const values = enterValues(scope)
      return createDb((statement) => execute(values, statement))
    },
    async close() {
      closed = true
      await Promise.all(slots.map(async ({ client }) => client?.end().catch(() => undefined)))
    },
  }
}
