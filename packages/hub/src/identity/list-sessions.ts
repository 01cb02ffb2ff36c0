import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { listSessions } from './credential-queries.ts'

export async function listMySessions(ctx: RequestContext, { query }: InputOf<'listMySessions'>) {
  const { id: principalId, credential } = ctx.principal
  const page = pageById(query)
  const rows = await ctx.reading({ principalId }).rows(listSessions(principalId, ctx.clock.now(), page))
  return toPage(
    rows,
    page.limit,
    (row) => ({
      id: row.id,
      current: row.id === credential.id,
      user_agent: row.user_agent,
      ip: row.ip,
      methods: row.methods,
      created_at: row.created_at.toISOString(),
      last_used_at: row.last_used_at?.toISOString() ?? null,
      expires_at: row.expires_at!.toISOString(), // A session is never made without an end.
    }),
    (row) => row.id,
  )
}
