import type { RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { parseToken } from '@freehold/kit'
import { invitationCounters } from '../identity/index.ts'
import type { VerbDeps } from './deps.ts'
import { stateOf, wrongState } from './invitation-answer.ts'
import { findInvitationByHash, type InvitationRow } from './queries.ts'

export type Linked = { invitation: InvitationRow; hash: Buffer }

/** The invitation whose link holds the token. Throws `not_found` for one that is wrong or void, and counts these by network. */
export async function findInvited(ctx: RequestContext, { throttle }: VerbDeps, text: string): Promise<Linked> {
  const token = parseToken(text)
  if (token?.kind !== 'invitation') throw unknownLink()
  const counters = invitationCounters(ctx.ip)
  await throttle.begin(counters)
  const hash = token.hash
  const invitation = await findInvitationByHash(ctx.reading({ proof: { invitation_hash: hash.toString('hex') } }), hash)
  if (!invitation) throw unknownLink()
  await throttle.succeed(counters)
  return { invitation, hash }
}

export function unknownLink(): AppError {
  return new AppError('not_found', 'This link is wrong, or a newer one was sent. Ask whoever invited you for the newest.')
}

const messages = {
  accepted: 'This invitation has been accepted. Sign in.',
  expired: 'This invitation has expired. Ask whoever invited you to send it again.',
  revoked: 'This invitation has been revoked. Ask whoever invited you for a new one.',
}

/** Throws `invalid_state` with the member `state`. */
export function refuseUnlessPending(invitation: InvitationRow, now: Date): void {
  const state = stateOf(invitation, now)
  if (state !== 'pending') throw wrongState(state, messages[state])
}
