import type { RequestContext } from './context.ts'

/**
 * What one resource adds to a workspace's export. `rows` yields them in pages that are read one after the other, each row as
 * plain JSON and as its own routes would show it: never a secret value.
 */
export type ExportPart = {
  /** Plural, in snake_case: `api_keys`. */
  name: string
  /** Columns of the CSV form, in order. */
  columns: readonly string[]
  rows(ctx: RequestContext, workspaceId: string): AsyncIterable<Record<string, unknown>>
}
