/** Wraps a key of 32 bytes by a key that never leaves the service. `context` is authenticated: what is unwrapped under another is refused. */
export type Kms = {
  /** Names the service's key, without any credential: stored beside what it wrapped. */
  readonly name: string
  wrap(key: Uint8Array, context: KmsContext): Promise<Buffer>
  unwrap(wrapped: Uint8Array, context: KmsContext): Promise<Buffer>
  close(): void
}
export type KmsContext = Record<string, string>

/**
 * Why a service did not do it. `refused`: it said no, and would again until somebody changes something there or here; `unreachable`: it
 * gave no answer of use, in time.
 */
export class KmsError extends Error {
  override readonly name = 'KmsError'
  readonly reason: 'refused' | 'unreachable'

  constructor(reason: KmsError['reason'], message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.reason = reason
  }
}
