import type { Permission } from '@freehold/contract'
import type { RequestContext } from './context.ts'

/** What one resource adds to a workspace's export: as plain JSON and as its own routes would show it, never a secret value. */
export type ExportPart = ExportPartOf & (ExportRows | ExportPages)

type ExportPartOf = {
  /** Plural, in snake_case: `api_keys`. */
  name: string
  /** Columns of the CSV form, in order. */
  columns: readonly string[]
  /** What its own list asks for beyond `read`; who lacks it gets an export without this part. */
  permission?: Permission<'workspace'>
  /** Its rows belong to environments: withheld from a key that is limited to some of them. */
  perEnvironment?: true
}

/** Each statement of `ctx.db` and `ctx.reading` is authorized anew, so a part reads page by page as its list would. */
export type ExportRows = { rows(ctx: RequestContext, workspaceId: string): AsyncIterable<Record<string, unknown>> }

/** For parts of so many rows that the database had better write them, `between` each other. */
export type ExportPages = { pages(ctx: RequestContext, workspaceId: string, between: string): AsyncIterable<ExportPage> }

/** Rows as JSON texts without line breaks of their own. */
export type ExportPage = { count: number; text: string }

export async function* rowsOf(part: ExportPart, ctx: RequestContext, workspaceId: string): AsyncIterable<Record<string, unknown>> {
  if ('rows' in part) return yield* part.rows(ctx, workspaceId)
  for await (const { text } of part.pages(ctx, workspaceId, '\n')) {
    for (const line of text.split('\n')) yield JSON.parse(line) as Record<string, unknown>
  }
}
