import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { toApiKey } from './api-key-answer.ts'
import { revokeKey } from './end-key.ts'
import { lockApiKey } from './queries.ts'

export async function revokeApiKey(ctx: RequestContext, { params }: InputOf<'revokeApiKey'>): Promise<void> {
  const workspace = ctx.granted('workspace', 'manage_members')
  await ctx.mutate('api_key.revoke', workspace, async (tx) => {
    const key = await lockApiKey(tx, workspace.id, params.api_key_id)
    if (!key || key.revoked_at !== null) throw new AppError('not_found', 'No such API key in this workspace.')
    await revokeKey(tx, workspace.id, key, ctx.clock.now())
    return { resource: { kind: 'api_key', id: key.id, label: key.name }, before: toApiKey(key), result: undefined }
  })
}
