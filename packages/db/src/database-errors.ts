import pg from 'pg'

/** A gate has moved since the decision was made: whoever decided must decide again. */
export class EpochMoved extends Error {
  override readonly name = 'EpochMoved'
}

/** The database cannot be reached, cannot do it now, or the connection broke before an answer came. Nothing was half done. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** Code asked for a statement without saying for whom. */
export class AppScopeError extends Error {
  override readonly name = 'AppScopeError'
}

// Class 08: connection; 57P01 to 57P03 and 25P03: the session is gone or not yet there.
const lostStates = /^(?:08|57P0[123]|25P03)/
// 53: out of resources; cancelled or out of time, no lock in time, deadlock, serialization: later it may go well.
const passingStates = /^(?:53|57014|55P03|40P01|40001)/
const lostSystemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
const brokenConnection = /Connection terminated|not queryable|timeout exceeded when trying to connect|^timeout expired$|Client was closed/

/** The database's error in our terms; anything that is neither an epoch nor an outage is returned as it is. */
export function translateDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = codeOf(error)
  if (code === 'FH001') return new EpochMoved(error.message, { cause: error })
  if (isConnectionLost(error)) return new DatabaseUnavailable('the database cannot be reached', { cause: error })
  if (passingStates.test(code)) return new DatabaseUnavailable('the database could not do it now', { cause: error })
  return error
}

/** Whether it is the connection, or the server behind it, that failed and not the statement. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  return lostStates.test(code) || lostSystemErrors.has(code) || brokenConnection.test(error.message)
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Whether an insert or update met an existing row, in the named unique constraint or index if one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505' && (constraint === undefined || error.constraint === constraint)
}

/** Whether a change would leave rows that point at nothing. */
export function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23503'
}
