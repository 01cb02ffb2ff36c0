import type { RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { findPersonNamed } from '../identity/index.ts'
import type { InvitingPlace } from './place.ts'
import { findPendingInvitation, lockInvited } from './queries.ts'
import { findRole } from './roles.ts'

/** Throws `conflict` where an invitation of the e-mail would do nothing new: they are in, or another one stands. */
export async function refuseSuperfluous(
  ctx: RequestContext,
  tx: Tx,
  { place, email, id }: { place: InvitingPlace; email: string; id: string },
): Promise<void> {
  await lockInvited(tx, place, email)
  const now = ctx.clock.now()
  const person = await findPersonNamed(ctx, email)
  const held = person && (await findRole(tx, place, person.id, now))
  if (held) {
    throw new AppError('conflict', `${email} has the role \`${held.role}\` on this ${place.type} already. Change that instead.`, {
      members: { role: held.role },
    })
  }
  const standing = await findPendingInvitation(tx, place, { email, exceptId: id, now })
  if (!standing) return
  throw new AppError('conflict', `${email} is invited already, by ${standing.id}. Send that again, or revoke it first.`, {
    members: { invitation_id: standing.id },
  })
}
