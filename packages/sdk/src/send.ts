import { FreeholdError, readFailure } from './freehold-error.ts'
import type { Content } from './outgoing.ts'
import { backOffMs, wait } from './wait.ts'

export type Connection = {
  baseUrl: string
  readToken: () => string | undefined
  readHeaders: () => Record<string, string>
  fetch: typeof fetch
  maxRetries: number
  timeoutMs: number
  onUnauthenticated: ((error: FreeholdError) => void) | undefined
}

export type Outgoing = {
  method: string
  /** Path and query, from the root of the API. */
  target: string
  headers: Record<string, string>
  body?: Content
  /** Sending takes as long as it takes: there is no deadline. */
  isLong?: true
  /** Doing it twice is doing it once. */
  repeatable: boolean
  signal: AbortSignal | undefined
}

const firstDelayMs = 250
const longestDelayMs = 8_000
/** A server that asks for more patience than this gets none: the caller is told instead. */
const longestRetryAfterMs = 60_000
const passingStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** Sends, and sends again what may be repeated after a passing failure. Rejects with FreeholdError, or the signal's reason. */
export async function send<T>(connection: Connection, outgoing: Outgoing, read: (response: Response) => Promise<T>): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await sendOnce(connection, outgoing, read)
    } catch (error) {
      if (retries >= connection.maxRetries || !outgoing.repeatable || !(error instanceof FreeholdError) || !isPassing(error)) throw error
      await wait(error.retryAfterMs ?? backOffMs(retries, firstDelayMs, longestDelayMs), outgoing.signal)
    }
  }
}

/** One attempt. The deadline covers `read` too. */
export async function sendOnce<T>(connection: Connection, outgoing: Outgoing, read: (response: Response) => Promise<T>): Promise<T> {
  const deadline = new AbortController()
  const timer = outgoing.isLong ? undefined : setTimeout(() => deadline.abort(), connection.timeoutMs)
  const token = connection.readToken()
  try {
    const response = await connection.fetch(connection.baseUrl + outgoing.target, {
      method: outgoing.method,
      headers: { ...connection.readHeaders(), ...outgoing.headers, ...(token && { authorization: `Bearer ${token}` }) },
      signal: outgoing.signal ? AbortSignal.any([outgoing.signal, deadline.signal]) : deadline.signal,
      ...(outgoing.body !== undefined && { body: outgoing.body }),
      // Node asks for it with a stream, and its types do not know it.
      ...(outgoing.body instanceof ReadableStream && { duplex: 'half' }),
    })
    if (!response.ok) throw await readFailure(response)
    return await read(response)
  } catch (cause) {
    if (cause instanceof FreeholdError) {
      if (cause.status === 401) connection.onUnauthenticated?.(cause)
      throw cause
    }
    if (outgoing.signal?.aborted) throw outgoing.signal.reason
    throw noAnswer(connection, deadline.signal.aborted, cause)
  } finally {
    clearTimeout(timer)
  }
}

/** Worth another attempt later. */
export function isPassing(error: FreeholdError): boolean {
  if ((error.retryAfterMs ?? 0) > longestRetryAfterMs) return false
  // Our own first attempt, cut off on the way back, may still be at work under the same Idempotency-Key.
  return error.status === 0 || passingStatuses.has(error.status) || error.code === 'request_in_flight'
}

function noAnswer({ baseUrl, timeoutMs }: Connection, late: boolean, cause: unknown): FreeholdError {
  const server = baseUrl || 'the server'
  return new FreeholdError({
    status: 0,
    code: late ? 'timeout' : 'network_failure',
    title: late ? `No answer from ${server} within ${timeoutMs / 1000} s` : `Cannot reach ${server}`,
    detail: 'Check the address, and that Freehold is running there.',
    cause,
  })
}
