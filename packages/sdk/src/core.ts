/** The client without the contract's schemas, for browsers: give it an operation table. */
export { type ClientOptions, createClient } from './client.ts'
export type { Answer, Client, Input, Item, Method, Output } from './client-types.ts'
export type { EventData, StreamEvent, StreamOptions } from './event-stream.ts'
export { type FailureCode, FreeholdError, readFailure } from './freehold-error.ts'
export type { Operation, OperationTable } from './operation-table.ts'
export type { CallOptions, Content } from './outgoing.ts'
export { Page, type PageOf } from './page.ts'
