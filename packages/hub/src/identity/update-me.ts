import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, type Me } from '@freehold/contract'
import { raiseGates } from '../gates/index.ts'
import { toMe } from './get-me.ts'
import { findUserForUpdate, updateUserName } from './user-queries.ts'

export async function updateMe(ctx: RequestContext, { body }: InputOf<'updateMe'>): Promise<Me> {
  const userId = ctx.principal.id
  return ctx.mutate('user.update', { type: 'user', id: userId }, async (tx) => {
    const before = await tx.first(findUserForUpdate(userId))
    if (!before) throw new AppError('not_found', 'No such user.')
    await tx.run(updateUserName(userId, body.name, ctx.clock.now()))
    // The name is part of what other processes remember about the caller.
    await raiseGates(tx, [userId])
    return {
      resource: { kind: 'user', id: userId, label: body.name },
      before: { name: before.name },
      after: { name: body.name },
      result: { ...toMe(ctx.principal), label: body.name },
    }
  })
}
