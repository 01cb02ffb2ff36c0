import type { RequestContext } from '@freehold/authz/request'
import type { InvitationSent } from '@freehold/contract'
import { mintToken } from '@freehold/kit'
import type { VerbDeps } from './deps.ts'
import { invitationReference, noSuchInvitation, stateOf, toInvitation, wrongState } from './invitation-answer.ts'
import { type InvitingPlace, refuseMoreThanHeld } from './place.ts'
import { findInvitationForUpdate, findPlaceNames, updateInvitation } from './queries.ts'
import { refuseSuperfluous } from './refuse-superfluous.ts'

/** The same invitation with a new link, for as long as the last one was good for. Also of one that has expired. */
export async function resendInvitation(
  ctx: RequestContext,
  { delivery }: VerbDeps,
  { place, id }: { place: InvitingPlace; id: string },
): Promise<InvitationSent> {
  const now = ctx.clock.now()
  const token = mintToken('fhv')
  return delivery.inTurn(() =>
    ctx.mutate('invitation.resend', place, async (tx) => {
      const before = await findInvitationForUpdate(tx, place, id)
      const names = await findPlaceNames(tx, place)
      if (!before || !names) throw noSuchInvitation()
      const state = stateOf(before, now)
      if (state === 'accepted' || state === 'revoked') throw wrongState(state, `This invitation is ${state}. Make a new one.`)
      refuseMoreThanHeld(ctx, place, before.role)
      await refuseSuperfluous(ctx, tx, { place, email: before.email, id })
      const expiresAt = new Date(now.getTime() + before.expires_at.getTime() - before.sent_at.getTime())
      const row = await updateInvitation(tx, id, { hash: token.hash, sent_at: now, expires_at: expiresAt })
      const invitation = toInvitation(row, now)
      const news = { to: row.email, from: ctx.principal.label, names, role: row.role, expiresAt }
      const delivered = await delivery.deliver(news, token.plaintext, ctx)
      return {
        resource: invitationReference(row),
        before: toInvitation(before, now),
        after: invitation,
        result: { ...invitation, ...delivered },
      }
    }),
  )
}
