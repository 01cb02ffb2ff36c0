import type { InputOf, RequestContext } from '@freehold/authz/request'
import { deleteRelationship, insertRelationship } from '../relationships/index.ts'
import { memberReference, toAccountMember } from './account-member-answer.ts'
import { noSuchMember, requirePerson } from './find-member.ts'
import { oneAtATime, refuseLastOwner, refuseUnlessOwner } from './owners.ts'
import { findRoleTuples, findStanding } from './queries.ts'

export async function updateAccountMember(ctx: RequestContext, { params, body: { role } }: InputOf<'updateAccountMember'>) {
  const account = ctx.granted('account', 'administer')
  const person = await requirePerson(ctx, params.user_id)
  return ctx.mutate(
    'account_member.update',
    account,
    async (tx) => {
      const before = await findStanding(tx, account.id, person.id)
      if (!before) throw noSuchMember()
      if (before.role === 'owner' || role === 'owner') refuseUnlessOwner(ctx)
      if (before.role === 'owner' && role !== 'owner') await refuseLastOwner(tx, account.id)
      await deleteRelationship(tx, ...(await findRoleTuples(tx, account.id, person.id)))
      await insertRelationship(tx, {
        resource: { type: 'account', id: account.id },
        relation: role,
        subject: { type: 'user', id: person.id },
        expiresAt: null,
        createdAt: before.since,
        createdBy: ctx.principal.id,
      })
      return {
        resource: memberReference(person),
        before: { role: before.role },
        after: { role },
        result: toAccountMember(person, { role, since: before.since }),
      }
    },
    oneAtATime,
  )
}
