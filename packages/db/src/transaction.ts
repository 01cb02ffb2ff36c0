import pg from 'pg'
import { AppScopeError, translateDatabaseError } from './database-errors.ts'
import { sessionConfig } from './connection.ts'
import { enterText, enterValues, narrowSettings, type Scope } from './scope.ts'
import { prepareEnter, enterName } from './scoped-query.ts'
import { createDb, type Db } from './statement.ts'

/** An open transaction. `enter` moves it to another scope, for rows that are born in it. */
export type Tx = Db & { readonly scope: Scope; enter(scope: Scope): Promise<void> }

/**
 * Locks that keep a freeze and the writers of a workspace apart. `shared` is a writer's, `exclusive` the freeze's:
 * it waits for the writers in flight, and later writers wait for it, then meet its gate.
 */
export type WorkspaceLock = { workspaceId: string; mode: 'shared' | 'exclusive' }

export type WritePool = {
  begin(scope: Scope, lock?: WorkspaceLock): Promise<OpenTransaction>
  /** Runs `fn` and commits; rolls back on any error. */
  transaction<R>(scope: Scope, fn: (tx: Tx) => Promise<R>, lock?: WorkspaceLock): Promise<R>
  close(): Promise<void>
}

export type OpenTransaction = { tx: Tx; commit(): Promise<void>; rollback(): Promise<void> }

const lockText = {
  shared: "select pg_advisory_xact_lock_shared(hashtextextended('workspace:' || $1, 0))",
  exclusive: "select pg_advisory_xact_lock(hashtextextended('workspace:' || $1, 0))",
}

// READ COMMITTED is said although it is the default, since a database or a role may have another.
const settings = {
  default_transaction_isolation: 'read committed',
  statement_timeout: '10000',
  idle_in_transaction_session_timeout: '10000',
  lock_timeout: '10000',
}

/** Transactions for changes: READ COMMITTED, at most 10 s a statement and 10 s idle, on connections of their own. */
export function openWritePool(url: string, connections = 12): WritePool {
  const pool = new pg.Pool({
    ...sessionConfig(url, settings),
    max: connections,
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 60_000,
    pipeline: true,
    application_name: 'freehold-write',
    // A connection is handed out only once `enter` is prepared on it.
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool awaits it, whatever its type says
    onConnect: prepareEnter,
  })
  pool.on('error', () => undefined) // An idle connection broke; the pool replaces it.

  async function begin(scope: Scope, lock?: WorkspaceLock): Promise<OpenTransaction> {
    const scopeValues = enterValues(scope) // Refuses a scope that is none before a connection is taken for it.
    const client = await pool.connect().catch((error: unknown) => {
      throw translateDatabaseError(error)
    })
    let broken: Error | undefined
    const onError = (error: Error) => {
      broken = error
    }
    client.on('error', onError)
    let open = true
    const release = (error?: Error) => {
      open = false
      client.off('error', onError)
      client.release(error)
    }
    const query = async (config: pg.QueryConfig) => {
      if (!open) throw new AppScopeError('the transaction has ended')
      return client.query(config).catch((error: unknown) => {
        throw translateDatabaseError(error)
      })
    }
    let current = scope
    const held = new Set(Object.keys(narrowSettings(scope)))
    const tx: Tx = {
      ...createDb(query),
      get scope() {
        return current
      },
      async enter(next) {
        const values = enterValues(next, held)
        current = next
        for (const name of Object.keys(narrowSettings(next))) held.add(name)
        await query({ name: enterName, text: enterText, values })
      },
    }
    async function finish(command: 'COMMIT' | 'ROLLBACK') {
      try {
        const { command: done } = await query({ text: command })
        release(broken)
        if (command === 'COMMIT' && done !== 'COMMIT') throw new Error('the transaction had already failed and was rolled back')
      } catch (error) {
        if (open) release(error instanceof Error ? error : new Error(String(error)))
        throw error
      }
    }

    // Sent together, answered in order: under READ COMMITTED `enter` takes its snapshot after the lock is held.
    const statements = [query({ text: 'BEGIN' })]
    if (lock) statements.push(query({ name: `lock_${lock.mode}`, text: lockText[lock.mode], values: [lock.workspaceId] }))
    statements.push(query({ name: enterName, text: enterText, values: scopeValues }))
    const results = await Promise.allSettled(statements)
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) {
      await finish('ROLLBACK').catch(() => undefined)
      throw failed.reason
    }
    return { tx, commit: () => finish('COMMIT'), rollback: () => finish('ROLLBACK').catch(() => undefined) }
  }

  return {
    begin,
    async transaction(scope, fn, lock) {
      const { tx, commit, rollback } = await begin(scope, lock)
      let result
      try {
        result = await fn(tx)
      } catch (error) {
        await rollback()
        throw error
      }
      await commit()
      return result
    },
    close: () => pool.end(),
  }
}
