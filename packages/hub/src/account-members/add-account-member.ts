import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { findPersonNamed } from '../identity/index.ts'
import { insertRelationship } from '../relationships/index.ts'
import { memberReference, toAccountMember } from './account-member-answer.ts'
import { oneAtATime, refuseUnlessOwner } from './owners.ts'
import { findStanding } from './queries.ts'

export async function addAccountMember(ctx: RequestContext, { body }: InputOf<'addAccountMember'>) {
  const account = ctx.granted('account', 'administer')
  const person = await findPersonNamed(ctx, body.subject.trim())
  if (!person) {
    throw new AppError(
      'not_found',
      'Nobody signs in with this id or e-mail address. Invite them instead: `POST /v1/accounts/{account_id}/invitations`.',
    )
  }
  const { role } = body
  const now = ctx.clock.now()
  return ctx.mutate(
    'account_member.add',
    account,
    async (tx) => {
      if (role === 'owner') refuseUnlessOwner(ctx)
      const standing = await findStanding(tx, account.id, person.id)
      if (standing) throw new AppError('conflict', `They are \`${standing.role}\` on this account already. Change their role instead.`)
      await insertRelationship(tx, {
        resource: { type: 'account', id: account.id },
        relation: role,
        subject: { type: 'user', id: person.id },
        expiresAt: null,
        createdAt: now,
        createdBy: ctx.principal.id,
      })
      return { resource: memberReference(person), after: { role }, result: toAccountMember(person, { role, since: now }) }
    },
    oneAtATime,
  )
}
