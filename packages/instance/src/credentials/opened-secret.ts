import { inspect } from 'node:util'

/** A secret in memory: it shows itself to nobody by accident, and is given out for the destination that it is bound to alone. */
export class OpenedSecret {
  readonly #value: string
  readonly #boundTo: string

  constructor(value: string, boundTo: string) {
    this.#value = value
    this.#boundTo = boundTo
  }

  /** The secret itself. Throws for any other destination than that of the credential. */
  revealFor(destination: string): string {
    if (destination !== this.#boundTo) throw new Error('a secret was asked for on behalf of another destination than its own')
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
