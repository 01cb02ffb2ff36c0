import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { raiseGates } from '../gates/index.ts'
import { deleteRelationship, insertRelationship } from '../relationships/index.ts'
import { oneAtATime, requireGroup } from './find-group.ts'
import { groupReference } from './group-answer.ts'
import { listNestings } from './member-queries.ts'
import { refuseNesting } from './nesting.ts'

// Whoever decides without reading the groups themselves learns of it by the account's gate. Raised first and together
// with the groups', so that all are taken in one order.
const gatesOf = (account: { id: string }, parent: { id: string }, child: { id: string }) => [account.id, parent.id, child.id]

/** Idempotent. */
export async function addGroupChild(ctx: RequestContext, { params }: InputOf<'addGroupChild'>): Promise<void> {
  const account = ctx.granted('account', 'administer')
  await ctx.mutate(
    'group.member_add',
    account,
    async (tx) => {
      const parent = await requireGroup(tx, account, params.group_id)
      const child = await requireGroup(tx, account, params.child_id)
      refuseNesting(await listNestings(tx, account.id), { parentId: parent.id, childId: child.id })
      await raiseGates(tx, gatesOf(account, parent, child))
      await insertRelationship(tx, { ...nesting(parent.id, child.id), createdAt: ctx.clock.now(), createdBy: ctx.principal.id })
      return { resource: groupReference(parent), after: { member: groupReference(child) }, result: undefined }
    },
    oneAtATime,
  )
}

export async function removeGroupChild(ctx: RequestContext, { params }: InputOf<'removeGroupChild'>): Promise<void> {
  const account = ctx.granted('account', 'administer')
  await ctx.mutate(
    'group.member_remove',
    account,
    async (tx) => {
      const parent = await requireGroup(tx, account, params.group_id)
      const child = await requireGroup(tx, account, params.child_id)
      await raiseGates(tx, gatesOf(account, parent, child))
      if (!(await deleteRelationship(tx, nesting(parent.id, child.id)))) {
        throw new AppError('not_found', 'That group is not directly in this one. List its members to see what is.')
      }
      return { resource: groupReference(parent), before: { member: groupReference(child) }, result: undefined }
    },
    oneAtATime,
  )
}

function nesting(parentId: string, childId: string) {
  const subject = { type: 'group', id: childId, relation: 'member' }
  return { resource: { type: 'group', id: parentId }, relation: 'member', subject, expiresAt: null }
}
