import type { InputOf, RequestContext } from '@freehold/authz/request'
import { removeGrant } from './change-grant.ts'
import { requireGrant } from './list-grants.ts'

/** At once: the gates of the workspace and of whom the grant reached move, so no process lets them in any more. */
export async function revokeGrant(ctx: RequestContext, { params }: InputOf<'revokeGrant'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'manage_members')
  await ctx.mutate(
    'grant.revoke',
    workspace,
    async (tx) => {
      const { row, grant } = await requireGrant(ctx, tx, workspace.id, params.grant_id)
      await removeGrant(ctx, tx, workspace.id, row)
      return { resource: { kind: 'grant', id: row.id, label: grant.label }, before: grant, result: undefined }
    },
    { lock: 'exclusive' },
  )
}
