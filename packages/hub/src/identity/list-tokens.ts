import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { listTokens } from './credential-queries.ts'

export async function listMyTokens(ctx: RequestContext, { query }: InputOf<'listMyTokens'>) {
  const principalId = ctx.principal.id
  const page = pageById(query)
  const rows = await ctx.reading({ principalId }).rows(listTokens(principalId, ctx.clock.now(), page))
  return toPage(
    rows,
    page.limit,
    (row) => ({
      id: row.id,
      name: row.name,
      prefix: row.hint,
      created_at: row.created_at.toISOString(),
      last_used_at: row.last_used_at?.toISOString() ?? null,
      expires_at: row.expires_at?.toISOString() ?? null,
    }),
    (row) => row.id,
  )
}
