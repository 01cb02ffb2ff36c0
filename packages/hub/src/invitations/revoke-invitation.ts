import type { RequestContext } from '@freehold/authz/request'
import { invitationReference, noSuchInvitation, stateOf, toInvitation, wrongState } from './invitation-answer.ts'
import type { InvitingPlace } from './place.ts'
import { findInvitationForUpdate, updateInvitation } from './queries.ts'

/** Its link opens nothing from here on. What has been accepted is a grant, which is revoked as such. */
export async function revokeInvitation(ctx: RequestContext, place: InvitingPlace, id: string): Promise<void> {
  const now = ctx.clock.now()
  await ctx.mutate('invitation.revoke', place, async (tx) => {
    const before = await findInvitationForUpdate(tx, place, id)
    if (!before) throw noSuchInvitation()
    const state = stateOf(before, now)
    if (state === 'accepted') throw wrongState(state, 'It has been accepted. Take away the role that they hold now instead.')
    if (state === 'revoked') throw wrongState(state, 'It has been revoked already.')
    const after = await updateInvitation(tx, id, { revoked_at: now })
    return {
      resource: invitationReference(after),
      before: toInvitation(before, now),
      after: toInvitation(after, now),
      result: undefined,
    }
  })
}
