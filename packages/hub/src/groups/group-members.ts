import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { findPersonNamed } from '../identity/index.ts'
import { deleteRelationship, insertRelationship } from '../relationships/index.ts'
import { oneAtATime, requireGroup } from './find-group.ts'
import { groupReference } from './group-answer.ts'
import { findMemberSource, hasAccountRole } from './member-queries.ts'

/** Idempotent. Who is in by a claim is then in by hand, and stays when the claim goes. */
export async function addGroupMember(ctx: RequestContext, { params }: InputOf<'addGroupMember'>): Promise<void> {
  const account = ctx.granted('account', 'administer')
  const person = await findPersonNamed(ctx, params.user_id)
  await ctx.mutate(
    'group.member_add',
    account,
    async (tx) => {
      const group = await requireGroup(tx, account, params.group_id)
      // One answer for who does not exist and for who is of another account only.
      if (!person || !(await hasAccountRole(tx, account.id, person.id))) throw notOnAccount()
      const source = await findMemberSource(tx, group.id, person.id)
      const tuple = membership(group.id, person.id)
      if (source === 'claim') await deleteRelationship(tx, tuple)
      if (source !== 'direct') await insertRelationship(tx, { ...tuple, createdAt: ctx.clock.now(), createdBy: ctx.principal.id })
      const member = { kind: 'user', id: person.id, label: person.name }
      return {
        resource: groupReference(group),
        before: source ? { member, source } : null,
        after: { member, source: 'direct' },
        result: undefined,
      }
    },
    oneAtATime,
  )
}

export async function removeGroupMember(ctx: RequestContext, { params }: InputOf<'removeGroupMember'>): Promise<void> {
  const account = ctx.granted('account', 'administer')
  const person = await findPersonNamed(ctx, params.user_id)
  await ctx.mutate(
    'group.member_remove',
    account,
    async (tx) => {
      const group = await requireGroup(tx, account, params.group_id)
      const source = person && (await findMemberSource(tx, group.id, person.id))
      if (!person || !source) throw notInGroup()
      await deleteRelationship(tx, membership(group.id, person.id))
      const member = { kind: 'user', id: person.id, label: person.name }
      return { resource: groupReference(group), before: { member, source }, result: undefined }
    },
    oneAtATime,
  )
}

function membership(groupId: string, userId: string) {
  return { resource: { type: 'group', id: groupId }, relation: 'member', subject: { type: 'user', id: userId }, expiresAt: null }
}

function notOnAccount(): AppError {
  return new AppError(
    'not_found',
    'Nobody with this id has a role on this account. Add them to the account first: `POST /v1/accounts/{account_id}/members`.',
  )
}

function notInGroup(): AppError {
  return new AppError('not_found', 'They are not directly in this group. List its members to see who is.')
}
