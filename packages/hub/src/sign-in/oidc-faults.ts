import { AppError } from '@freehold/contract'
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'

// What was answered is not what was asked for, or not by the provider.
const unverified = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
])

/** Whose fault a failed sign-in is: the answer that was brought (401), or the provider and how it is configured (503). */
export function toSignInFault(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof AuthorizationResponseError) {
    const reason = /^[\w.-]{1,60}$/.test(error.error) ? ` (${error.error})` : ''
    return new AppError('unauthenticated', `The identity provider did not sign you in${reason}. Start again.`, { cause: error })
  }
  if (error instanceof ResponseBodyError && error.error === 'invalid_grant') return startAgain(error)
  if (error instanceof ClientError && unverified.has(error.code ?? '')) return startAgain(error)
  return new AppError(
    'unavailable',
    'The identity provider cannot be reached, or refuses Freehold. Try again in a moment; if that does not help, the operator should check FREEHOLD_OIDC_ISSUER, FREEHOLD_OIDC_CLIENT_ID and FREEHOLD_OIDC_CLIENT_SECRET.',
    { cause: error },
  )
}

/** One answer for whatever does not belong together: cookie, state, code and token. */
export function startAgain(cause?: unknown): AppError {
  return new AppError('unauthenticated', 'This sign-in was not begun in this browser, is too old, or was used before. Start again.', {
    cause,
  })
}
