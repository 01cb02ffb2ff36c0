/**
 * Why nothing was fetched. `url`: it is not one that may be called; `address`: it leads where it may not; `unreachable`: no answer came;
 * `timeout`: none came in time; `too_large`: the answer is longer than allowed.
 */
export type EgressReason = 'url' | 'address' | 'unreachable' | 'timeout' | 'too_large'

export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly reason: EgressReason

  constructor(reason: EgressReason, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.reason = reason
  }
}
