import { readFileSync } from 'node:fs'
import { createEngine, type Engine } from './engine.ts'
import { parseSchema } from './parser.ts'
import type { Schema } from './schema-types.ts'

let parsed: Schema | undefined
let built: Engine | undefined

/** The text of schema.zed, as it is also given to SpiceDB. */
export function readSchemaText(): string {
  return readFileSync(new URL('./schema.zed', import.meta.url), 'utf8')
}

/** The schema of the product, read at the first call. */
export function productSchema(): Schema {
  parsed ??= parseSchema(readSchemaText())
  return parsed
}

/** The engine over the schema of the product, built at the first call. */
export function productEngine(): Engine {
  built ??= createEngine(productSchema())
  return built
}
