/** Every error that the API answers: its status and title. Codes are stable; clients switch on them. */
export const errorCatalogue = {
  invalid_request: { status: 400, title: 'The request does not fit the schema' },
  unauthenticated: { status: 401, title: 'Sign in, or send a valid credential' },
  second_factor_required: { status: 401, title: 'A second factor is needed to sign in' },
  limit_reached: { status: 402, title: 'A limit of the plan is reached' },
  forbidden: { status: 403, title: 'You may not do this' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'The path does not take this method' },
  conflict: { status: 409, title: 'The request conflicts with the current state' },
  slug_taken: { status: 409, title: 'The slug is taken' },
  invalid_state: { status: 409, title: 'The current state does not allow this' },
  last_owner: { status: 409, title: 'The last owner stays' },
  request_in_flight: { status: 409, title: 'A request with this Idempotency-Key is being worked on' },
  version_mismatch: { status: 412, title: 'The resource has changed since you read it' },
  too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  range_not_satisfiable: { status: 416, title: 'There is no such part' },
  checksum_mismatch: { status: 422, title: 'The bytes are not those of the checksum' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used with another request' },
  workspace_frozen: { status: 423, title: 'The workspace is frozen' },
  workspace_archived: { status: 423, title: 'The workspace is archived' },
  version_required: { status: 428, title: 'Send If-Match' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  sealed: { status: 503, title: 'The installation is sealed: it has no root key' },
  unavailable: { status: 503, title: 'A dependency is down' },
} as const

export type ErrorCode = keyof typeof errorCatalogue
export type FieldError = { pointer: string; message: string }

type AppErrorOptions = {
  cause?: unknown
  /** For logs only. Never serialized: it may hold SQL, host names or other tenants' ids. */
  detail?: Record<string, unknown>
  /** Each faulty part of the request, as a JSON pointer into `{params, query, body, headers}`. */
  errors?: FieldError[]
  /** Further members of the problem document, such as `permission` or `allowed`. */
  members?: Record<string, unknown>
  headers?: Record<string, string>
}

/** The only error that a verb throws on purpose. `publicMessage` tells the caller what to do next. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly detail: Record<string, unknown>
  readonly errors: FieldError[] | undefined
  readonly members: Record<string, unknown>
  readonly headers: Record<string, string>

  constructor(code: ErrorCode, publicMessage: string, options: AppErrorOptions = {}) {
    super(publicMessage, { cause: options.cause })
    this.code = code
    this.detail = options.detail ?? {}
    this.errors = options.errors
    this.members = options.members ?? {}
    this.headers = options.headers ?? {}
  }

  get status(): number {
    return errorCatalogue[this.code].status
  }
}
