import { routes } from '@freehold/contract'
import { type ClientOptions, createClient } from './client.ts'
import type { Client } from './client-types.ts'
import { operationTable } from './operation-table.ts'

export * from './core.ts'
export { operationTable } from './operation-table.ts'

/** A client for Node: where Freehold is, and a credential. Calls reject with FreeholdError. */
export function createFreehold({ url, ...options }: { url: string } & Omit<ClientOptions, 'baseUrl' | 'operations'>): Client {
  return createClient({ ...options, baseUrl: url, operations: operationTable(routes) })
}
