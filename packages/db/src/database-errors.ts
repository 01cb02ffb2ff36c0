import pg from 'pg'

/** A gate has moved since the decision was made: whoever decided must decide again. */
export class EpochMoved extends Error {
  override readonly name = 'EpochMoved'
}

/** The database cannot be reached, or the connection broke before an answer came. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** Code asked for a statement without saying for whom. */
export class AppScopeError extends Error {
  override readonly name = 'AppScopeError'
}

// Class 08: connection; 57P01 to 57P03: the server is going away or starting; 53: out of resources.
const unavailableStates = /^(?:08|57P0[123]|53)/
const unavailableSystemErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'])
const brokenConnection = /Connection terminated|not queryable|timeout exceeded when trying to connect|Client was closed/

/** The database's error in our terms; anything that is neither an epoch nor an outage is returned as it is. */
export function translateDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'FH001') return new EpochMoved(error.message, { cause: error })
  if (unavailableStates.test(code) || unavailableSystemErrors.has(code) || brokenConnection.test(error.message)) {
    return new DatabaseUnavailable('the database cannot be reached', { cause: error })
  }
  return error
}

/** Whether an insert or update met an existing row, in the named unique constraint or index if one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505' && (constraint === undefined || error.constraint === constraint)
}
