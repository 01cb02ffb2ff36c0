import { PermissionsUnavailable } from '../errors.ts'
import { parseSchema } from '../parser.ts'
import { SchemaError } from '../schema-types.ts'
import type { Call } from './connection.ts'

const notFound = 5

/** Whether SpiceDB has the schema, none, or another one. */
export async function compareSchema(call: Call, text: string): Promise<'same' | 'none' | 'other'> {
  const stored = await readSchema(call)
  if (stored === null) return 'none'
  return meaningOf(stored) === meaningOf(text) ? 'same' : 'other'
}

/** Replaces SpiceDB's schema. It refuses one that would orphan relationships. */
export async function writeSchema(call: Call, text: string): Promise<void> {
  await call((client) => client.writeSchema({ schema: text }))
}

/** The token of SpiceDB's present state. */
export async function currentToken(call: Call): Promise<string> {
  const { readAt } = await call((client) => client.readSchema({}))
  if (!readAt) throw new Error('SpiceDB answered without a token')
  return readAt.token
}

async function readSchema(call: Call): Promise<string | null> {
  try {
    return (await call((client) => client.readSchema({}))).schemaText
  } catch (error) {
    const cause = error instanceof PermissionsUnavailable ? error.cause : undefined
    if (cause instanceof Error && 'code' in cause && cause.code === notFound) return null
    throw error
  }
}

/** SpiceDB gives a schema back with its definitions sorted and its white space changed; this is what stays the same. */
function meaningOf(text: string): string | null {
  try {
    const definitions = [...parseSchema(text).definitions.values()].map(({ name, members }) => ({
      name,
      members: [...members.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    }))
    const sorted = definitions.toSorted((left, right) => (left.name < right.name ? -1 : 1))
    return JSON.stringify(sorted, (key, value: unknown) => (key === 'at' ? undefined : value))
  } catch (error) {
    // A schema with what ours has no use for is another one.
    if (error instanceof SchemaError) return null
    throw error
  }
}
