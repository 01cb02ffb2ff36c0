import type { RequestContext } from '@freehold/authz/request'
import type { InvitationSent } from '@freehold/contract'
import { mintToken, newId } from '@freehold/kit'
import { normalizeEmail } from '../identity/index.ts'
import type { VerbDeps } from './deps.ts'
import { invitationReference, noSuchInvitation, toInvitation } from './invitation-answer.ts'
import { type InvitingPlace, refuseMoreThanHeld } from './place.ts'
import { findPlaceNames, insertInvitation, type InvitationRow } from './queries.ts'
import { refuseSuperfluous } from './refuse-superfluous.ts'

const sevenDaysSeconds = 604_800

type NewInvitation = { place: InvitingPlace; email: string; role: InvitationRow['role']; lifetime_seconds?: number }

export async function createInvitation(ctx: RequestContext, { delivery }: VerbDeps, wanted: NewInvitation): Promise<InvitationSent> {
  const { place, role, lifetime_seconds: lifetimeSeconds = sevenDaysSeconds } = wanted
  refuseMoreThanHeld(ctx, place, role)
  const email = normalizeEmail(wanted.email)
  const now = ctx.clock.now()
  const expiresAt = new Date(now.getTime() + lifetimeSeconds * 1000)
  const id = newId(now.getTime())
  const token = mintToken('fhv')

  return delivery.inTurn(() =>
    ctx.mutate('invitation.create', place, async (tx) => {
      const names = await findPlaceNames(tx, place)
      if (!names) throw noSuchInvitation()
      await refuseSuperfluous(ctx, tx, { place, email, id })
      const row = await insertInvitation(tx, {
        id,
        account_id: names.accountId,
        workspace_id: place.type === 'workspace' ? place.id : null,
        email,
        role,
        hash: token.hash,
        created_by: ctx.principal.kind === 'user' ? ctx.principal.id : null,
        expires_at: expiresAt,
        now,
      })
      const invitation = toInvitation(row, now)
      const news = { to: email, from: ctx.principal.label, names, role, expiresAt }
      const delivered = await delivery.deliver(news, token.plaintext, ctx)
      return { resource: invitationReference(row), after: invitation, result: { ...invitation, ...delivered } }
    }),
  )
}
