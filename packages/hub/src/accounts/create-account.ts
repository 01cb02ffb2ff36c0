import { AppError } from '@freehold/contract'
import type { InputOf, RequestContext } from '@freehold/authz/request'
import { newId } from '@freehold/kit'
import { openGate } from '../gates/index.ts'
import { insertRelationship } from '../relationships/index.ts'
import { insertUnderSlug, refuseReservedSlug } from '../slugs.ts'
import { accountSnapshot, toAccount } from './account-answer.ts'
import { insertAccount } from './queries.ts'

export async function createAccount(ctx: RequestContext, { body }: InputOf<'createAccount'>) {
  ctx.granted('installation', 'administer')
  if (ctx.principal.kind !== 'user')
    throw new AppError('forbidden', 'Only a person can own an account.', { members: { permission: 'user' } })
  refuseReservedSlug(body.slug)

  const now = ctx.clock.now()
  const accountId = newId(now.getTime())
  const owner = { type: 'user' as const, id: ctx.principal.id }
  const row = await ctx.mutate(
    'account.create',
    owner,
    async (tx) => {
      await openGate(tx, 'account', accountId)
      const account = await insertUnderSlug(body, (slug) => insertAccount(tx, { id: accountId, name: body.name, slug, now }))
      await insertRelationship(tx, {
        resource: { type: 'account', id: accountId },
        relation: 'owner',
        subject: owner,
        expiresAt: null,
        createdAt: now,
        createdBy: ctx.principal.id,
      })
      return { resource: { kind: 'account', id: accountId, label: account.name }, after: accountSnapshot(account), result: account }
    },
    { born: { accountId }, chain: { kind: 'account', id: accountId } },
  )
  return toAccount(row, ['read', 'administer', 'manage_billing', 'transfer'])
}
