import pg from 'pg'
import { enterText } from './scope.ts'

export const enterName = 'enter'

// The parts of pg's connection that a scoped query speaks to. pg is pinned exactly because these are its internals.
type Wire = {
  parse(message: { name: string; text: string }): void
  bind(message: { portal: string; statement: string; values: unknown[]; binary: boolean; valueMapper: (value: unknown) => unknown }): void
  execute(message: { portal: string; rows: number }): void
  submittedNamedStatements: Record<string, string>
}

type QueryInternals = {
  name: string
  text: string
  hasBeenParsed(wire: Wire): boolean
  prepare(wire: Wire): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, wire: Wire): void
}

type QueryConstructor = new (
  config: pg.QueryConfig & { queryMode: 'extended' },
  callback: (error: Error | null, result: pg.QueryResult) => void,
) => QueryInternals & pg.Submittable

const BaseQuery = pg.Query as unknown as QueryConstructor

/**
 * A statement that runs behind `enter` in one implicit transaction and one round trip: what lies before a Sync is
 * one transaction, so the scope ends with it, and when `enter` fails Postgres skips the statement.
 *
 * The connection must have prepared `enter` before (`prepareEnter`), or pg would take its ParseComplete for ours.
 */
export class ScopedQuery extends BaseQuery {
  readonly #enterValues: readonly unknown[]
  #entering = true

  constructor(values: readonly unknown[], statement: pg.QueryConfig, callback: (error: Error | null, result: pg.QueryResult) => void) {
    // `extended` even without values: the simple protocol would send the statement alone, outside its scope.
    super({ ...statement, queryMode: 'extended' }, callback)
    this.#enterValues = values
  }

  override prepare(wire: Wire): void {
    // The statement is parsed first: were it parsed behind `enter`, a refusal would skip the Parse while queries
    // already sent behind this one rely on it.
    if (this.name && !this.hasBeenParsed(wire)) {
      wire.parse({ name: this.name, text: this.text })
      wire.submittedNamedStatements[this.name] = this.text
    }
    wire.bind({ portal: '', statement: enterName, values: [...this.#enterValues], binary: false, valueMapper: (value) => value })
    wire.execute({ portal: '', rows: 0 })
    super.prepare(wire)
  }

  override handleDataRow(message: unknown): void {
    if (!this.#entering) super.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#entering) this.#entering = false
    else super.handleCommandComplete(message, wire)
  }
}

/** Prepares `enter` on a new connection; nothing scoped may be sent before it. */
export async function prepareEnter(client: pg.ClientBase): Promise<void> {
  await client.query({ name: enterName, text: enterText, values: ['', '', '', '', '', null] })
}
