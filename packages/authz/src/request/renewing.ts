import { AppError, type Permission } from '@freehold/contract'
import type { Db, Scope } from '@freehold/db'
import type { RequestContext } from './context.ts'
import { freshly } from './freshly.ts'

type Renewing = { signal: AbortSignal; permission?: Permission<'workspace'> | undefined }

/**
 * A context for answers that outlive the decision which began them: each statement is authorized anew, and throws what a new request
 * would be answered, also when `permission` has been lost meanwhile or `signal` has aborted. It reads only.
 */
export function renewing(ctx: RequestContext, { signal, permission }: Renewing): RequestContext {
  const under = (dbOf: (fresh: RequestContext) => Db): Db => {
    const read = <R>(run: (db: Db) => Promise<R>): Promise<R> =>
      freshly(
        ctx,
        (fresh) => {
          signal.throwIfAborted()
          if (permission !== undefined && !fresh.permissions.has(permission)) throw lost(permission)
          return run(dbOf(fresh))
        },
        'first_read',
      )
    return {
      rows: (query) => read((db) => db.rows(query)),
      first: (query) => read((db) => db.first(query)),
      run: (query) => read((db) => db.run(query)),
      sql: (statement) => read((db) => db.sql(statement)),
    }
  }
  return {
    ...ctx,
    db: under((fresh) => fresh.db),
    reading: (scope: Scope) => under((fresh) => fresh.reading(scope)),
    mutate: () => Promise.reject(new Error('a long answer only reads')),
  }
}

function lost(permission: Permission<'workspace'>): AppError {
  return new AppError('forbidden', `You need \`${permission}\` on this workspace. Ask somebody who administers it.`, {
    members: { permission },
  })
}
