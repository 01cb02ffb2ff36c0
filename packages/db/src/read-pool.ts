import { availableParallelism } from 'node:os'
import pg from 'pg'
import { sessionConfig } from './connection.ts'
import { DatabaseUnavailable, isConnectionLost, translateDatabaseError } from './database-errors.ts'
import { enterValues, type Scope } from './scope.ts'
import { prepareEnter, type Rows, ScopedQuery } from './scoped-query.ts'
import { createDb, type Db, type Statement } from './statement.ts'

export type ReadPool = { under(scope: Scope): Db; close(): Promise<void> }

type Slot = { client: pg.Client | null; opening: Promise<pg.Client> | null }

const settings = {
  TimeZone: 'UTC',
  default_transaction_isolation: 'repeatable read',
  default_transaction_read_only: 'on',
  statement_timeout: '10000',
}

// One for each core, up to four: the more requests share a connection, the less each costs Postgres.
const defaultConnections = Math.min(4, availableParallelism())

/**
 * Bounded reads over a few connections, each carrying the pipelines of many requests. They read under REPEATABLE
 * READ, because under READ COMMITTED `enter` and the statement behind it would see two snapshots. They are never
 * sent a cancel, which could hit another request's statement; a statement timeout bounds them instead.
 */
export function openReadPool(url: string, connections = defaultConnections): ReadPool {
  const slots: Slot[] = Array.from({ length: connections }, () => ({ client: null, opening: null }))
  let turn = 0
  let turning = false
  let closed = false

  async function open(slot: Slot): Promise<pg.Client> {
    const client = new pg.Client({
      ...sessionConfig(url, settings),
      pipeline: true,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      application_name: 'freehold-read',
    })
    const discard = () => {
      if (slot.client === client) slot.client = null
    }
    client.on('error', discard)
    client.on('end', discard)
    try {
      await client.connect()
      await prepareEnter(client)
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    slot.client = client
    return client
  }

  function connection(slot: Slot): pg.Client | Promise<pg.Client> {
    if (slot.client) return slot.client
    if (closed) throw new DatabaseUnavailable('the server is stopping')
    slot.opening ??= open(slot)
      .catch((error: unknown) => {
        throw translateDatabaseError(error)
      })
      .finally(() => {
        slot.opening = null
      })
    return slot.opening
  }

  function send(slot: Slot, client: pg.Client, values: unknown[], statement: Statement): Promise<Rows> {
    return new Promise((resolve, reject) => {
      const query = new ScopedQuery(values, statement, (error, result) => {
        if (!error) return resolve(result)
        if (isOfConnection(error) && slot.client === client) {
          slot.client = null
          void client.end()
        }
        reject(error)
      })
      client.query(query)
    })
  }

  // All that is sent in one turn of the event loop shares a connection, and so a write; the next turn takes the next.
  function slotOfThisTurn(): Slot {
    if (!turning) {
      turning = true
      setImmediate(() => {
        turning = false
        turn += 1
      })
    }
    return slots[turn % slots.length]!
  }

  // A read changes nothing, so it may be sent again when its connection breaks: when the server has cut them all, as often
  // as there are connections. One that cannot even be opened says that the database is away. Sent again it has no name,
  // which could be lost again.
  async function execute(values: unknown[], statement: Statement): Promise<Rows> {
    for (let attempt = 0; ; attempt++) {
      const slot = slotOfThisTurn()
      const ready = connection(slot)
      const client = ready instanceof pg.Client ? ready : await ready
      try {
        return await send(slot, client, values, attempt === 0 ? statement : { ...statement, name: '' })
      } catch (error) {
        if (!isOfConnection(error) || closed || attempt >= slots.length) throw translateDatabaseError(error)
      }
    }
  }

  return {
    under(scope) {
      const values = enterValues(scope)
      return { ...createDb((statement) => execute(values, statement)), scope }
    },
    async close() {
      closed = true
      const clients = await Promise.all(slots.map(async ({ client, opening }) => client ?? opening?.catch(() => null)))
      await Promise.all(clients.map(async (client) => client?.end().catch(() => undefined)))
    },
  }
}

// 26000: the server has lost a prepared statement that pg believes in. Such a connection is of no more use either.
function isOfConnection(error: unknown): boolean {
  return isConnectionLost(error) || (error instanceof pg.DatabaseError && error.code === '26000')
}
