import { AppError, type Invitation } from '@freehold/contract'
import type { InvitationRow } from './queries.ts'

export type InvitationState = Invitation['state']
type Times = Pick<InvitationRow, 'accepted_at' | 'revoked_at' | 'expires_at'>

export function stateOf({ accepted_at: acceptedAt, revoked_at: revokedAt, expires_at: expiresAt }: Times, now: Date): InvitationState {
  if (acceptedAt !== null) return 'accepted'
  if (revokedAt !== null) return 'revoked'
  return expiresAt <= now ? 'expired' : 'pending'
}

export function toInvitation(row: InvitationRow, now: Date): Invitation {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    state: stateOf(row, now),
    account_id: row.account_id,
    workspace_id: row.workspace_id,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    sent_at: row.sent_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    accepted_at: row.accepted_at?.toISOString() ?? null,
  }
}

/** How an audit event names an invitation. */
export function invitationReference({ id, email }: Pick<InvitationRow, 'id' | 'email'>) {
  return { kind: 'invitation', id, label: email }
}

export function noSuchInvitation(): AppError {
  return new AppError('not_found', 'No such invitation here. List the invitations to see which there are.')
}

export function wrongState(state: InvitationState, message: string): AppError {
  return new AppError('invalid_state', message, { members: { state } })
}
