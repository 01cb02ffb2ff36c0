import type { ErrorCode, FieldError } from '@freehold/contract'

/** The server's codes, and what the client itself finds: no answer, no answer in time, an answer that is not the API's. */
export type FailureCode = ErrorCode | 'network_failure' | 'timeout' | 'unexpected_response'

type Failure = {
  status: number
  code: FailureCode
  title: string
  detail: string
  requestId?: string | undefined
  errors?: FieldError[]
  members?: Record<string, unknown>
  retryAfterMs?: number | undefined
  cause?: unknown
}

/** Every failed call rejects with this. `message` is title and detail. */
export class FreeholdError extends Error {
  override readonly name = 'FreeholdError'
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly code: FailureCode
  readonly title: string
  /** What to do next. */
  readonly detail: string
  /** Names the request in the server's log and audit. */
  readonly requestId: string | undefined
  /** Each faulty part of an invalid request, by JSON pointer. */
  readonly errors: FieldError[]
  /** The problem document's further members, such as `permission`, `limit` or `allowed`. */
  readonly members: Record<string, unknown>
  /** How long the server asked to wait, if it did. */
  readonly retryAfterMs: number | undefined

  constructor(failure: Failure) {
    super(failure.detail && failure.detail !== failure.title ? `${failure.title}. ${failure.detail}` : failure.title, {
      cause: failure.cause,
    })
    this.status = failure.status
    this.code = failure.code
    this.title = failure.title
    this.detail = failure.detail
    this.requestId = failure.requestId
    this.errors = failure.errors ?? []
    this.members = failure.members ?? {}
    this.retryAfterMs = failure.retryAfterMs
  }
}

/** The error that an answer other than 2xx stands for. */
export async function readFailure(response: Response): Promise<FreeholdError> {
  const requestId = response.headers.get('x-request-id') ?? undefined
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'))
  const problem = readObject(await response.text())
  if (!problem || typeof problem.code !== 'string') {
    return new FreeholdError({
      status: response.status,
      code: 'unexpected_response',
      title: `The server answered ${response.status} without saying why`,
      detail: 'Something between here and Freehold may have answered instead. Check the address.',
      requestId,
      retryAfterMs,
    })
  }
  const { type: _type, instance: _instance, status: _status, title, detail, code, request_id, errors, ...members } = problem
  return new FreeholdError({
    status: response.status,
    code: code as FailureCode,
    title: typeof title === 'string' ? title : code,
    detail: typeof detail === 'string' ? detail : '',
    requestId: typeof request_id === 'string' ? request_id : requestId,
    errors: Array.isArray(errors) ? errors : [],
    members,
    retryAfterMs,
  })
}

/** Not the API's shape, although the status says success. */
export function unexpectedResponse(response: Response, detail: string, cause?: unknown): FreeholdError {
  const requestId = response.headers.get('x-request-id') ?? undefined
  return new FreeholdError({
    status: response.status,
    code: 'unexpected_response',
    title: "The answer is not the API's",
    detail,
    requestId,
    cause,
  })
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** `Retry-After` is seconds or a date. */
function readRetryAfter(header: string | null): number | undefined {
  if (!header) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
