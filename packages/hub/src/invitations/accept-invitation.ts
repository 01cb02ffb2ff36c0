import type { InputOf, Principal, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { normalizeEmail } from '../identity/index.ts'
import { acceptAsNewUser } from './accept-as-new-user.ts'
import type { VerbDeps } from './deps.ts'
import { findInvited, type Linked } from './find-invited.ts'
import { redeemInvitation } from './redeem-invitation.ts'

/** Gives whoever is signed in what they were invited to; who is not becomes a user first. */
export async function acceptInvitation(ctx: RequestContext, deps: VerbDeps, body: InputOf<'acceptInvitation'>['body']) {
  refuseWhatIsNobody(ctx.principal)
  const linked = await findInvited(ctx, deps, body.token)
  const { id, label, email } = ctx.principal
  if (id === '') return acceptAsNewUser(ctx, deps, { linked, body })
  refuseOthers(linked, email)
  return redeemInvitation(ctx, linked, { user: { id, name: label } })
}

function refuseWhatIsNobody({ kind }: Principal): void {
  if (kind === 'user') return
  throw new AppError('forbidden', 'An invitation is for a person. Use a session or a personal access token, or none.', {
    members: { permission: 'user' },
  })
}

function refuseOthers({ invitation }: Linked, email: string | null): void {
  if (email !== null && normalizeEmail(email) === invitation.email) return
  throw new AppError(
    'forbidden',
    `This invitation is for ${invitation.email}. Sign out, then sign in with that e-mail or sign up with it.`,
    { members: { email: invitation.email } },
  )
}
