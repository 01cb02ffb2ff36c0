import { type InputOf, pageById, type RequestContext, toPage } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { requireSession } from './own-session.ts'
import { deletePasskeyRow, listPasskeyRows } from './queries.ts'

export type PasskeyRow = { id: string; name: string; backed_up: boolean; created_at: Date; last_used_at: Date | null }

/** A passkey as the API shows it. */
export function toPasskey(row: PasskeyRow) {
  return {
    id: row.id,
    name: row.name,
    backed_up: row.backed_up,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
  }
}

export async function listPasskeys(ctx: RequestContext, { query }: InputOf<'listPasskeys'>) {
  const { id } = ctx.principal
  const page = pageById(query)
  const rows = await ctx.reading({ principalId: id }).rows(listPasskeyRows(id, page))
  return toPage(rows, page.limit, toPasskey, (row) => row.id)
}

export async function deletePasskey(ctx: RequestContext, { params }: InputOf<'deletePasskey'>): Promise<void> {
  requireSession(ctx.principal)
  const userId = ctx.principal.id
  await ctx.mutate('passkey.delete', { type: 'user', id: userId }, async (tx) => {
    const [gone] = await tx.rows(deletePasskeyRow(userId, params.passkey_id))
    if (!gone) throw new AppError('not_found', 'No such passkey.')
    return { resource: { kind: 'passkey', id: gone.id, label: gone.name }, before: { name: gone.name }, result: undefined }
  })
}
