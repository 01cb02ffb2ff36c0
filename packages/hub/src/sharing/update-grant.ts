import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { Grant } from '@freehold/contract'
import { endOf, storeGrant } from './change-grant.ts'
import { toGrant } from './grant-answer.ts'
import { requireGrant } from './list-grants.ts'

/** The grant keeps its id; who is made an owner has it without end. */
export async function updateGrant(ctx: RequestContext, { params, body }: InputOf<'updateGrant'>): Promise<Grant> {
  const workspace = ctx.granted('workspace', 'manage_members')
  return ctx.mutate(
    'grant.update',
    workspace,
    async (tx) => {
      const { row, grant: before } = await requireGrant(ctx, tx, workspace.id, params.grant_id)
      const role = body.role ?? row.role
      const kept = role === 'owner' ? null : row.expiresAt
      const expiresAt = body.expires_at === undefined ? kept : endOf(role, body.expires_at, ctx.clock.now())
      const changed = { ...row, role, expiresAt }
      await storeGrant(ctx, tx, workspace.id, changed)
      const after = toGrant(changed, before.label)
      return { resource: { kind: 'grant', id: row.id, label: before.label }, before, after, result: after }
    },
    { lock: 'exclusive' },
  )
}
