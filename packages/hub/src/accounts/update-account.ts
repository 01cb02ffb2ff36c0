import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { raiseGates } from '../gates/index.ts'
import { accountSnapshot, toAccount } from './account-answer.ts'
import { findAccount, updateAccountRow } from './queries.ts'

export async function updateAccount(ctx: RequestContext, { body }: InputOf<'updateAccount'>) {
  const account = ctx.granted('account', 'administer')
  const row = await ctx.mutate('account.update', account, async (tx) => {
    const before = await findAccount(tx, account.id)
    if (!before) throw new AppError('not_found', 'No such account.')
    refuseLockingOneselfOut(ctx, body)
    const after = await updateAccountRow(tx, account.id, body, ctx.clock.now())
    if (after.require_second_factor !== before.require_second_factor) await raiseGates(tx, [account.id])
    return {
      resource: { kind: 'account', id: account.id, label: after.name },
      before: accountSnapshot(before),
      after: accountSnapshot(after),
      result: after,
    }
  })
  return toAccount(row, ctx.permissions)
}

function refuseLockingOneselfOut(
  ctx: RequestContext,
  { require_second_factor: isRequired }: { require_second_factor?: boolean | undefined },
): void {
  if (isRequired !== true || ctx.principal.secondFactor) return
  throw new AppError('invalid_state', 'Sign in with a second factor first: this would lock you out of the account.')
}
