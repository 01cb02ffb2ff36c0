/**
 * The question cannot be answered, and must count as a refusal: `unknown` (a type, permission or kind of subject that the schema
 * does not have) is a bug of the caller, `depth` means that groups nest too deep to be certain.
 */
export class AuthzError extends Error {
  override readonly name = 'AuthzError'
  readonly reason: 'unknown' | 'depth'

  constructor(reason: 'unknown' | 'depth', message: string) {
    super(message)
    this.reason = reason
  }
}

/**
 * The permission service gave no answer, and so no permission: it is `away` (not reached, or not in time), or it `refused` the
 * question (a wrong token, another schema, data that it does not have).
 */
export class PermissionsUnavailable extends Error {
  override readonly name = 'PermissionsUnavailable'
  readonly reason: 'away' | 'refused'

  constructor(reason: 'away' | 'refused', message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
