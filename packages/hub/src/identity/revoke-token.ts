import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { raiseGates } from '../gates/index.ts'
import { revokeCredential } from './credential-queries.ts'

export async function revokeMyToken(ctx: RequestContext, { params }: InputOf<'revokeMyToken'>): Promise<void> {
  const userId = ctx.principal.id
  await ctx.mutate('personal_token.revoke', { type: 'user', id: userId }, async (tx) => {
    const [revoked] = await tx.rows(revokeCredential(userId, 'personal_token', params.token_id, ctx.clock.now()))
    if (!revoked) throw new AppError('not_found', 'No such token.')
    await raiseGates(tx, [userId])
    return { resource: { kind: 'personal_token', id: revoked.id, label: revoked.name }, result: undefined }
  })
}
