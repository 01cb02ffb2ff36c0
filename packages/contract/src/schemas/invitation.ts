import Type, { type Static } from 'typebox'
import { accountRoles, workspaceRoles } from '../permissions.ts'
import { Name, Nullable, Strict, Timestamp, Uuid } from './fields.ts'
import { Email, Password } from './identity.ts'

export const invitationStates = ['pending', 'accepted', 'expired', 'revoked'] as const

const listed = {
  id: Uuid,
  email: Type.String(),
  role: Type.Enum([...new Set([...workspaceRoles, ...accountRoles])]),
  state: Type.Enum([...invitationStates]),
  account_id: Uuid,
  workspace_id: Nullable(Uuid),
  created_at: Timestamp,
  created_by: Nullable(Uuid),
  sent_at: Timestamp,
  expires_at: Timestamp,
  accepted_at: Nullable(Timestamp),
}

export const Invitation = Strict(listed)
export type Invitation = Static<typeof Invitation>

/** The link is in this answer where no mail is configured; where it is, only the invited person gets it. */
export const InvitationSent = Strict({
  ...listed,
  delivery: Type.Enum(['mail', 'link'], { description: '`mail`: sent by e-mail; `link`: hand the link over yourself' }),
  token: Nullable(Type.String({ description: 'What the link proves; shown once' })),
  url: Nullable(Type.String({ description: 'The link to hand over; shown once' })),
})
export type InvitationSent = Static<typeof InvitationSent>

const lifetime_seconds = Type.Optional(
  Type.Integer({ minimum: 300, maximum: 2_592_000, default: 604_800, description: 'Seconds until it expires; 7 days unless told' }),
)

/** An owner is made by a grant or a transfer, never by a link. */
export const NewWorkspaceInvitation = Strict({ email: Email, role: Type.Enum(['admin', 'edit', 'view']), lifetime_seconds })
export const NewAccountInvitation = Strict({ email: Email, role: Type.Enum(['admin', 'billing', 'member']), lifetime_seconds })

const Token = Type.String({ minLength: 1, maxLength: 200, description: 'From the link' })

export const InvitationToken = Strict({ token: Token })
export const InvitationPreview = Strict({
  email: Type.String(),
  role: Type.String(),
  account_name: Type.String(),
  workspace_name: Nullable(Type.String()),
  expires_at: Timestamp,
  account_exists: Type.Boolean({ description: 'Somebody signs in with this e-mail already: sign in, then accept' }),
})
export type InvitationPreview = Static<typeof InvitationPreview>

export const InvitationAcceptance = Strict({
  token: Token,
  name: Type.Optional(Name),
  password: Type.Optional(Password),
})
export const InvitationAccepted = Strict({ user_id: Uuid, account_id: Uuid, workspace_id: Nullable(Uuid), role: Type.String() })
