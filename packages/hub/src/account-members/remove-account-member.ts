import type { InputOf, RequestContext } from '@freehold/authz/request'
import { findMemberships } from '../groups/index.ts'
import { deleteRelationship } from '../relationships/index.ts'
import { memberReference } from './account-member-answer.ts'
import { noSuchMember, requirePerson } from './find-member.ts'
import { oneAtATime, refuseLastOwner, refuseUnlessOwner } from './owners.ts'
import { findRoleTuples, findStanding } from './queries.ts'

export async function removeAccountMember(ctx: RequestContext, { params }: InputOf<'removeAccountMember'>): Promise<void> {
  const account = ctx.granted('account', 'administer')
  const person = await requirePerson(ctx, params.user_id)
  await ctx.mutate(
    'account_member.remove',
    account,
    async (tx) => {
      const before = await findStanding(tx, account.id, person.id)
      if (!before) throw noSuchMember()
      if (before.role === 'owner') {
        refuseUnlessOwner(ctx)
        await refuseLastOwner(tx, account.id)
      }
      const memberships = await findMemberships(tx, account.id, person.id)
      await deleteRelationship(tx, ...(await findRoleTuples(tx, account.id, person.id)), ...memberships)
      const groups = memberships.map(({ resource }) => resource.id)
      return { resource: memberReference(person), before: { role: before.role, groups }, result: undefined }
    },
    oneAtATime,
  )
}
