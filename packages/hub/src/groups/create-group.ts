import type { InputOf, RequestContext } from '@freehold/authz/request'
import { newId } from '@freehold/kit'
import { openGate } from '../gates/index.ts'
import { insertRelationship } from '../relationships/index.ts'
import { nameTaken, requireGroup } from './find-group.ts'
import { groupReference, groupSnapshot, toGroup } from './group-answer.ts'
import { insertGroup } from './queries.ts'

export async function createGroup(ctx: RequestContext, { body }: InputOf<'createGroup'>) {
  const account = ctx.granted('account', 'administer')
  const now = ctx.clock.now()
  const id = newId(now.getTime())
  return ctx.mutate('group.create', account, async (tx) => {
    const { name, description = '', claim_value: claimValue = null } = body
    if (!(await insertGroup(tx, { id, accountId: account.id, name, description, claimValue, now }))) throw nameTaken(name)
    await openGate(tx, 'group', id)
    await insertRelationship(tx, {
      resource: { type: 'group', id },
      relation: 'account',
      subject: { type: 'account', id: account.id },
      expiresAt: null,
      createdAt: now,
      createdBy: ctx.principal.id,
    })
    const group = await requireGroup(tx, account, id)
    return { resource: groupReference(group), after: groupSnapshot(group), result: toGroup(group) }
  })
}
