import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { raiseGates } from '../gates/index.ts'
import { deleteRelationship } from '../relationships/index.ts'
import { toApiKey } from './api-key-answer.ts'
import { findApiKey, revokeKey } from './queries.ts'

/** Revokes at once: the workspace's gate moves, so no process answers the key again. */
export async function revokeApiKey(ctx: RequestContext, { params }: InputOf<'revokeApiKey'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'manage_members')
  await ctx.mutate('api_key.revoke', workspace, async (tx) => {
    const key = await findApiKey(tx, workspace.id, params.api_key_id)
    if (!key || !(await revokeKey(tx, workspace.id, key.id, ctx.clock.now())))
      throw new AppError('not_found', 'No such API key in this workspace.')
    await deleteRelationship(tx, {
      resource: { type: 'workspace', id: workspace.id },
      relation: key.role!,
      subject: { type: 'api_key', id: key.id },
      expiresAt: null,
    })
    await raiseGates(tx, [workspace.id])
    return { resource: { kind: 'api_key', id: key.id, label: key.name }, before: toApiKey(key), result: undefined }
  })
}
