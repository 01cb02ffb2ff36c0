import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { accountSnapshot, toAccount } from './account-answer.ts'
import { findAccount, updateAccountName } from './queries.ts'

export async function updateAccount(ctx: RequestContext, { body }: InputOf<'updateAccount'>) {
  const account = ctx.granted('account', 'administer')
  const row = await ctx.mutate('account.update', account, async (tx) => {
    const before = await findAccount(tx, account.id)
    if (!before) throw new AppError('not_found', 'No such account.')
    const after = await updateAccountName(tx, account.id, body.name, ctx.clock.now())
    return {
      resource: { kind: 'account', id: account.id, label: after.name },
      before: accountSnapshot(before),
      after: accountSnapshot(after),
      result: after,
    }
  })
  return toAccount(row, ctx.permissions)
}
