import type { RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { type Linked, refuseUnlessPending, unknownLink } from './find-invited.ts'
import { invitationReference, toInvitation } from './invitation-answer.ts'
import { type Place, placeOf } from './place.ts'
import { findLinkedForUpdate, findWorkspaceStatus, updateInvitation } from './queries.ts'
import { takeRole } from './roles.ts'

type Acceptance = {
  user: { id: string; name: string }
  /** Makes the user, where there was none. */
  bear?: (tx: Tx) => Promise<void>
}

/**
 * The invitation becomes a role, once: whoever comes second waits for the first and finds it accepted. The user sees
 * nothing of the place before, so the change enters its scope on the proof of the token.
 */
export async function redeemInvitation(ctx: RequestContext, { invitation, hash }: Linked, { user, bear }: Acceptance) {
  const { id, account_id: accountId, workspace_id: workspaceId } = invitation
  const place = placeOf(invitation)
  const now = ctx.clock.now()
  return ctx.mutate(
    'invitation.accept',
    { type: 'user', id: user.id },
    async (tx) => {
      const before = await findLinkedForUpdate(tx, id, hash)
      if (!before) throw unknownLink()
      refuseUnlessPending(before, now)
      await refuseClosed(tx, place)
      await bear?.(tx)
      const role = await takeRole(tx, place, { userId: user.id, role: before.role, grantedBy: before.created_by, now })
      const after = await updateInvitation(tx, id, { accepted_at: now, accepted_by: user.id })
      return {
        resource: invitationReference(after),
        before: toInvitation(before, now),
        after: { ...toInvitation(after, now), accepted_by: user.id, held_role: role },
        result: { user_id: user.id, account_id: accountId, workspace_id: workspaceId, role },
      }
    },
    {
      born: { accountId, workspaceId: workspaceId ?? undefined },
      chain: { kind: place.type, id: place.id },
      actor: { kind: 'user', id: user.id, label: user.name },
      // As every change of who holds what there.
      lock: 'exclusive',
      lockOn: place.id,
    },
  )
}

/** A frozen workspace lets in whoever was invited; one that is put away or gone does not. */
async function refuseClosed(tx: Tx, place: Place): Promise<void> {
  if (place.type === 'account') return
  const status = await findWorkspaceStatus(tx, place.id)
  if (status === 'archived')
    throw new AppError('workspace_archived', 'The workspace is archived. Ask whoever invited you; accept once it has been restored.')
  if (status === undefined || status === 'deleted') throw new AppError('invalid_state', 'The workspace has been deleted.')
}
