export type { SpiceDbOptions } from './connection.ts'
export type { Freshness } from './messages.ts'
export type { RelationshipChange } from './relationships.ts'
export { createSpiceDb, type SpiceDb } from './spicedb.ts'
