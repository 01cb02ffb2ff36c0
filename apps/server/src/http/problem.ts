import { PermissionsUnavailable } from '@freehold/authz'
import { AppError, errorCatalogue, type FieldError } from '@freehold/contract'
import { DatabaseUnavailable, EpochMoved } from '@freehold/db'
import { ObjectsUnavailable } from '@freehold/drivers'

export type Problem = { status: number; headers: Record<string, string>; body: string }

const outages = [DatabaseUnavailable, EpochMoved, PermissionsUnavailable, ObjectsUnavailable]

type FastifyFault = Error & { code?: string; statusCode?: number }

/** Any error as the AppError that the caller is told; what is not ours on purpose becomes `internal`, without text. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (outages.some((outage) => error instanceof outage)) {
    return new AppError('unavailable', 'Try again in a moment; nothing was half done.', { cause: error, headers: { 'retry-after': '1' } })
  }
  const { code = '', statusCode } = (error instanceof Error ? error : {}) as FastifyFault
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new AppError('too_large', 'Send at most 1 MiB.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new AppError('unsupported_media_type', 'Send `Content-Type: application/json`.')
  if (code === 'FST_ERR_BAD_URL')
    return new AppError('invalid_request', 'The path is not valid percent-encoding. Encode each part of it by itself.')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return malformed('The body is not valid JSON. Send one JSON document, or none.')
  return new AppError('internal', 'Try again; if it happens again, tell the operator the request id.', { cause: error })
}

/** 400 for a body that cannot even be read. */
export function malformed(message: string): AppError {
  const errors: FieldError[] = [{ pointer: '/body', message }]
  return new AppError('invalid_request', message, { errors })
}

/** An RFC 9457 problem document. `instance` is the route, not the path, so that it tells nothing of an id. */
export function toProblem(error: AppError, requestId: string, instance: string): Problem {
  const { status, title } = errorCatalogue[error.code]
  const body = {
    type: `/docs#error-${error.code}`,
    title,
    status,
    detail: error.message,
    instance,
    code: error.code,
    request_id: requestId,
    ...(error.errors && { errors: error.errors }),
    ...error.members,
  }
  return { status, headers: { ...error.headers, 'content-type': 'application/problem+json; charset=utf-8' }, body: JSON.stringify(body) }
}
