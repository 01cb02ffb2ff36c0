import type { ObjectRef, Relationship, SubjectRef } from '../relationship.ts'
import { productSchema, readSchemaText } from '../schema.ts'
import type { Schema } from '../schema-types.ts'
import { checkAll, permissionsOn, type Question } from './check.ts'
import { connect, type SpiceDbOptions } from './connection.ts'
import { type Found, lookup } from './lookup.ts'
import type { Freshness } from './messages.ts'
import { find, readAll, type RelationshipChange, write } from './relationships.ts'
import { compareSchema, currentToken, writeSchema } from './schema.ts'

/** SpiceDB, asked the questions of the embedded engine. Whatever goes wrong is a PermissionsUnavailable, and counts as a refusal. */
export type SpiceDb = {
  check(questions: readonly Question[], freshness: Freshness): Promise<boolean[]>
  permissionsOn(subject: SubjectRef, resource: ObjectRef, freshness: Freshness): Promise<Set<string>>
  lookup(subject: SubjectRef, permission: string, resourceType: string, freshness: Freshness): Promise<Found>
  /** Makes the changes as one, at most 1000 and each tuple once, and answers the ZedToken from which on they hold. */
  write(changes: readonly RelationshipChange[]): Promise<string>
  readAll(resourceType: string): AsyncGenerator<Relationship[]>
  find(tuple: Relationship): Promise<Relationship | null>
  /** Whether it has the product's schema, none, or another one. */
  compareSchema(): Promise<'same' | 'none' | 'other'>
  /** Gives it the product's schema. It refuses where relationships would be orphaned. */
  writeSchema(): Promise<void>
  /** The ZedToken of its present state. */
  currentToken(): Promise<string>
  close(): void
}

/** `schema` and its text are those of the product, but for the tests of the engines. */
export function createSpiceDb(
  options: SpiceDbOptions,
  { schema, text }: { schema: Schema; text: string } = { schema: productSchema(), text: readSchemaText() },
): SpiceDb {
  const { call, close } = connect(options)
  return {
    check: (questions, freshness) => checkAll(call, questions, freshness),
    permissionsOn: (subject, resource, freshness) => permissionsOn(call, schema, { subject, resource }, freshness),
    lookup: (subject, permission, resourceType, freshness) => lookup(call, schema, { subject, permission, resourceType }, freshness),
    write: (changes) => write(call, changes),
    readAll: (resourceType) => readAll(call, resourceType),
    find: (tuple) => find(call, tuple),
    compareSchema: () => compareSchema(call, text),
    writeSchema: () => writeSchema(call, text),
    currentToken: () => currentToken(call),
    close,
  }
}
