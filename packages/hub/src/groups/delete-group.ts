import type { Relationship } from '@freehold/authz'
import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { Tx } from '@freehold/db'
import { raiseGates } from '../gates/index.ts'
import { deleteRelationship } from '../relationships/index.ts'
import { noSuchGroup, oneAtATime } from './find-group.ts'
import { groupReference, groupSnapshot } from './group-answer.ts'
import { listTuplesAround } from './member-queries.ts'
import { deleteGroupRow, findGroupForUpdate } from './queries.ts'

/** Whatever anybody had through the group ends with this transaction: its members, what it was in, its grants everywhere. */
export async function deleteGroup(ctx: RequestContext, { params }: InputOf<'deleteGroup'>): Promise<void> {
  const account = ctx.granted('account', 'administer')
  await ctx.mutate(
    'group.delete',
    account,
    async (tx) => {
      const group = await findGroupForUpdate(tx, account.id, params.group_id)
      if (!group) throw noSuchGroup()
      const tuples = await findTuples(tx, group.id)
      // All at once, in one order: taken workspace by workspace they could meet a grant that waits the other way round.
      await raiseGates(tx, [account.id, group.id, ...tuples.flatMap(endsWithGate)])
      await deleteTuples(tx, tuples)
      await deleteGroupRow(tx, account.id, group.id)
      return { resource: groupReference(group), before: { ...groupSnapshot(group), members: Number(group.members) }, result: undefined }
    },
    oneAtATime,
  )
}

async function findTuples(tx: Tx, groupId: string): Promise<Relationship[]> {
  const { scope } = tx
  await tx.enter({ ...scope, proof: { ...scope.proof, object_ids: groupId } })
  const tuples = await listTuplesAround(tx, groupId)
  await tx.enter(scope)
  return tuples
}

function endsWithGate({ resource, subject }: Relationship): string[] {
  return [resource.id, subject.id]
}

/** A grant's tuple stands in the scope of its workspace, all others in that of the account. */
async function deleteTuples(tx: Tx, tuples: readonly Relationship[]): Promise<void> {
  const grants = Map.groupBy(
    tuples.filter(({ resource }) => resource.type === 'workspace'),
    ({ resource }) => resource.id,
  )
  for (const [workspaceId, granted] of grants) {
    await tx.enter({ ...tx.scope, workspaceId })
    await deleteRelationship(tx, ...granted)
  }
  await tx.enter({ ...tx.scope, workspaceId: undefined })
  await deleteRelationship(tx, ...tuples.filter(({ resource }) => resource.type !== 'workspace'))
}
