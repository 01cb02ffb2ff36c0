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
