import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, type Grant } from '@freehold/contract'
import { newId } from '@freehold/kit'
import { raiseGates } from '../gates/index.ts'
import { removeGrant, storeGrant } from './change-grant.ts'
import { requirePerson } from './create-grant.ts'
import { toGrant } from './grant-answer.ts'
import { findWorkspaceName, listGrantRowsOf } from './queries.ts'

/** Makes somebody an owner in the caller's place; other owners stay. Answers the new owner's grant. */
export async function transferOwnership(ctx: RequestContext, { body }: InputOf<'transferOwnership'>): Promise<Grant> {
  const workspace = ctx.granted('workspace', 'transfer')
  const keptRole = body.keep_role === undefined ? 'admin' : body.keep_role
  const now = ctx.clock.now()
  return ctx.mutate(
    'workspace.transfer',
    workspace,
    async (tx) => {
      const { subject, label } = await requirePerson(ctx, body.subject)
      const { id: callerId, label: callerLabel } = ctx.principal
      if (subject.id === callerId) {
        throw new AppError('invalid_request', 'You own this workspace already. Name somebody else.', {
          errors: [{ pointer: '/body/subject', message: 'must not be you' }],
        })
      }
      const [theirs] = await listGrantRowsOf(tx, workspace.id, subject)
      const own = (await listGrantRowsOf(tx, workspace.id, { type: 'user', id: callerId })).find(({ role }) => role === 'owner')!
      // All at once, and so in the order of ids: two that change the same people wait for each other instead of deadlocking.
      await raiseGates(tx, [workspace.id, subject.id, callerId])
      const row = {
        ...(theirs ?? { id: newId(now.getTime()), subject, createdAt: now, createdBy: callerId }),
        role: 'owner',
        expiresAt: null,
      } as const
      await storeGrant(ctx, tx, workspace.id, row)
      if (keptRole === null) await removeGrant(ctx, tx, workspace.id, own)
      else await storeGrant(ctx, tx, workspace.id, { ...own, role: keptRole })

      const { name } = (await findWorkspaceName(tx, workspace.id))!
      const grant = toGrant(row, label)
      const former = { owner: { id: callerId, label: callerLabel } }
      const after = { owner: { id: subject.id, label }, former_owner: { id: callerId, label: callerLabel, role: keptRole } }
      return { resource: { kind: 'workspace', id: workspace.id, label: name }, before: former, after, result: grant }
    },
    { lock: 'exclusive' },
  )
}
