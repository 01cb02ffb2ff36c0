import { hash } from 'node:crypto'
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Compilable,
  type InferResult,
} from 'kysely'
import type { Scope } from './scope.ts'
import type { Tables } from './tables.ts'

/** Builds statements, typed by the tables. It cannot run them: that takes a scope (`Db`). */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** SQL with its values; `name` makes it a prepared statement. */
export type Statement = { name: string; text: string; values: unknown[] }

/** Runs statements under one scope. Rows come as objects, by column name. */
export type Db = {
  /** What the statements are under, where it is fixed. */
  readonly scope?: Scope
  rows<Q extends Compilable<unknown>>(query: Q): Promise<RowOf<Q>[]>
  /** The only row, or undefined. */
  first<Q extends Compilable<unknown>>(query: Q): Promise<RowOf<Q> | undefined>
  /** Runs a change and answers how many rows it touched. */
  run(query: Compilable<unknown>): Promise<number>
  /** A statement written by hand. */
  sql<Row>(statement: Statement): Promise<Row[]>
}

export type RowOf<Q extends Compilable<unknown>> = InferResult<Q> extends (infer Row)[] ? Row : never

type Execute = (statement: Statement) => Promise<{ rows: unknown[]; rowCount: number | null }>

/** A `Db` over whatever executes a statement. */
export function createDb(execute: Execute): Db {
  return {
    rows: async <Q extends Compilable<unknown>>(query: Q) => (await execute(compile(query))).rows as RowOf<Q>[],
    first: async <Q extends Compilable<unknown>>(query: Q) => (await execute(compile(query))).rows[0] as RowOf<Q> | undefined,
    run: async (query) => (await execute(compile(query))).rowCount ?? 0,
    sql: async <Row>(statement: Statement) => (await execute(statement)).rows as Row[],
  }
}

const names = new Map<string, string>()

// A statement is prepared once on each connection under a name made from its text. Texts are bounded by the code
// that builds them, except where a list of values is spelt out; those would fill the map, so it is bounded too.
function compile(query: Compilable<unknown>): Statement {
  const { sql, parameters } = query.compile()
  let name = names.get(sql)
  if (name === undefined) {
    if (names.size >= 2000) names.clear()
    name = `q_${hash('sha256', sql, 'hex').slice(0, 20)}`
    names.set(sql, name)
  }
  return { name, text: sql, values: [...parameters] }
}
