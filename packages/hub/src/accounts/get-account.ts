import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { toAccount } from './account-answer.ts'
import { findAccount } from './queries.ts'

export async function getAccount(ctx: RequestContext, _input: InputOf<'getAccount'>) {
  const account = ctx.granted('account', 'read')
  const row = await findAccount(ctx.db, account.id)
  if (!row) throw new AppError('not_found', 'No such account.')
  return toAccount(row, ctx.permissions)
}
