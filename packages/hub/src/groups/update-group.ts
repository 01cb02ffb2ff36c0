import type { InputOf, RequestContext } from '@freehold/authz/request'
import { deleteRelationship } from '../relationships/index.ts'
import { nameTaken, oneAtATime, requireGroup } from './find-group.ts'
import { groupReference, groupSnapshot, toGroup } from './group-answer.ts'
import { listClaimedMembers } from './member-queries.ts'
import { updateGroupRow } from './queries.ts'

/** Another claim counts from each person's next sign-in on; without one, whoever a claim had put in is out at once. */
export async function updateGroup(ctx: RequestContext, { params, body }: InputOf<'updateGroup'>) {
  const account = ctx.granted('account', 'administer')
  return ctx.mutate(
    'group.update',
    account,
    async (tx) => {
      const before = await requireGroup(tx, account, params.group_id)
      if (!(await updateGroupRow(tx, before, body, ctx.clock.now()))) throw nameTaken(body.name!)
      if (body.claim_value === null) await deleteRelationship(tx, ...(await listClaimedMembers(tx, before.id)))
      const after = await requireGroup(tx, account, before.id)
      return { resource: groupReference(after), before: groupSnapshot(before), after: groupSnapshot(after), result: toGroup(after) }
    },
    oneAtATime,
  )
}
