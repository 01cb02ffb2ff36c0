import pg from 'pg'
import { serialize } from 'pg-protocol'
import { enterText } from './scope.ts'
import type { Statement } from './statement.ts'

export const enterName = 'enter'

/** Rows by column name, and how many rows a change touched. */
export type Rows = { rows: Record<string, unknown>[]; rowCount: number | null }
type Column = { name: string; parse: (text: string) => unknown }

// The parts of pg's connection that a scoped query touches. pg is pinned exactly because these are its internals.
type Wire = {
  stream: { cork(): void; uncork(): void; write(bytes: Uint8Array): void }
  parsedStatements: Record<string, string>
  submittedNamedStatements: Record<string, string>
}

type QueryInternals = { name: string; text: string; callback: unknown; submit(connection: unknown): Error | undefined }
type QueryConstructor = new (config: pg.QueryConfig) => QueryInternals
const BaseQuery = pg.Query as unknown as QueryConstructor

// What is known of each connection: whether it is corked until the end of this turn, and its statements' columns.
const corked = new WeakSet<Wire>()
const described = new WeakMap<Wire, Map<string, Column[]>>()

/**
 * A statement that runs behind `enter` in one implicit transaction and one round trip: what lies before a Sync is
 * one transaction, so the scope ends with it, and when `enter` fails Postgres skips the statement.
 *
 * The connection must have prepared `enter` before (`prepareEnter`), or pg would take its ParseComplete for ours.
 */
export class ScopedQuery extends BaseQuery {
  readonly #enterValues: unknown[]
  readonly #values: unknown[]
  readonly #settle: (error: Error | null, result: Rows) => void
  readonly #result: Rows = { rows: [], rowCount: null }
  #columns: Column[] = []
  #wire: Wire | null = null
  #entering = true

  constructor(enterValues: unknown[], statement: Statement, settle: (error: Error | null, result: Rows) => void) {
    super({ name: statement.name, text: statement.text })
    this.#enterValues = enterValues
    this.#values = statement.values
    this.#settle = settle
    // pg asks whether there is one; what it would pass is ours already.
    this.callback = settle
  }

  override submit(connection: unknown): Error | undefined {
    const wire = connection as Wire
    this.#wire = wire
    // Without a name nothing is remembered: the statement is parsed and described each time.
    const known = this.name ? (wire.parsedStatements[this.name] ?? wire.submittedNamedStatements[this.name]) : undefined
    if (known !== undefined && known !== this.text) return new Error(`the statement ${this.name} has two texts`)
    const columns = this.name ? described.get(wire)?.get(this.name) : undefined
    if (columns) this.#columns = columns

    let message: Uint8Array
    try {
      // All of it before anything is written: half a message would be answered to the query behind this one.
      message = Buffer.concat([
        // The statement is parsed first: were it parsed behind `enter`, a refusal would skip the Parse while queries
        // already sent behind this one rely on it.
        ...(known === undefined ? [serialize.parse({ name: this.name, text: this.text })] : []),
        bind(enterName, this.#enterValues),
        execute,
        bind(this.name, this.#values.map(prepareValue)),
        ...(columns ? [] : [describe]),
        execute,
        sync,
      ])
    } catch (error) {
      return error instanceof Error ? error : new Error('a value cannot be sent', { cause: error })
    }
    if (known === undefined && this.name) wire.submittedNamedStatements[this.name] = this.text
    corkThisTurn(wire)
    wire.stream.write(message)
    return undefined
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: dataTypeID === timestamptz ? parseTime : pg.types.getTypeParser(dataTypeID, 'text'),
    }))
    if (!this.name) return
    const wire = this.#wire!
    if (!described.has(wire)) described.set(wire, new Map())
    described.get(wire)!.set(this.name, this.#columns)
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.#entering) return
    const row: Record<string, unknown> = {}
    for (let index = 0; index < this.#columns.length; index++) {
      const { name, parse } = this.#columns[index]!
      const text = fields[index]
      row[name] = text === null || text === undefined ? null : parse(text)
    }
    this.#result.rows.push(row)
  }

  handleCommandComplete({ text }: { text: string }): void {
    if (this.#entering) {
      this.#entering = false
      return
    }
    const count = /\d+$/.exec(text)?.[0]
    this.#result.rowCount = count === undefined ? null : Number(count)
  }

  handleError(error: Error): void {
    this.#settle(error, this.#result)
  }

  handleReadyForQuery(): void {
    this.#settle(null, this.#result)
  }
}

const execute = serialize.execute()
const describe = serialize.describe({ type: 'P', name: '' })
const sync = serialize.sync()

function bind(statement: string, values: unknown[]): Uint8Array {
  return serialize.bind({ statement, values })
}

/** Requests that come in one turn of the event loop leave in one write: a system call costs more than their messages. */
function corkThisTurn(wire: Wire): void {
  if (corked.has(wire)) return
  corked.add(wire)
  wire.stream.cork()
  setImmediate(() => {
    corked.delete(wire)
    wire.stream.uncork()
  })
}

const timestamptz: number = pg.types.builtins.TIMESTAMPTZ
const parseAnyTime = pg.types.getTypeParser(timestamptz, 'text') as (text: string) => unknown

/** Read connections speak UTC, so a time is nearly an ISO string already; pg's own parser takes five times as long. */
function parseTime(text: string): unknown {
  if (!text.endsWith('+00') || text.length > 29) return parseAnyTime(text)
  return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
}

// pg's own conversion of JavaScript values to Postgres text.
const convert = (pg as unknown as { utils: { prepareValue(value: unknown): unknown } }).utils.prepareValue
const prepareValue = (value: unknown) => (typeof value === 'string' ? value : convert(value))

/** Prepares `enter` on a new connection; nothing scoped may be sent before it. */
export async function prepareEnter(client: pg.ClientBase): Promise<void> {
  await client.query({ name: enterName, text: enterText, values: ['', '', '', null, null, null] })
}
