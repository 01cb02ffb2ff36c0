import { inspect } from 'node:util'

const redacted = '[secret]'

/**
 * Text that nobody comes by unasked: as a string, in JSON, in a template, in a log or an error it reads `[secret]`. Only `open`
 * gives it out.
 */
export class SecretValue {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The text itself. What calls this answers for where it goes. */
  open(): string {
    return this.#value
  }

  equals(other: SecretValue): boolean {
    return this.#value === other.#value
  }

  /** In UTF-8. */
  get sizeBytes(): number {
    return Buffer.byteLength(this.#value)
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  [Symbol.toPrimitive](): string {
    return redacted
  }

  [inspect.custom](): string {
    return redacted
  }
}
