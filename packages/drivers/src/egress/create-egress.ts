import type { Fetch } from './fetch.ts'

export type Egress = { fetch: Fetch; close(): Promise<void> }

export function createEgress(_options: { allow: readonly string[] }): Egress {
  return { fetch: () => Promise.reject(new Error('not built')), close: async () => undefined }
}
