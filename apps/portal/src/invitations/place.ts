import type { Invitation } from '@freehold/contract'
import { queryOptions } from '@tanstack/react-query'
import { invitableRoles } from '../account/roles.ts'
import { client } from '../api/client.ts'

export type InvitationState = Invitation['state']
type Page = { state?: InvitationState | undefined; cursor?: string | undefined }
type NewInvitation = { email: string; role: string; lifetime_seconds: number }

/** What a page of invitations needs to know of the workspace or the account that people are invited to. */
export type Place = {
  key: readonly string[]
  name: string
  roles: readonly { value: string; label: string; description: string }[]
  list(page: Page): ReturnType<typeof client.listInvitations>
  create(wanted: NewInvitation): ReturnType<typeof client.createInvitation>
  resend(id: string): ReturnType<typeof client.resendInvitation>
  revoke(id: string): Promise<unknown>
}

const pageSize = 25

export function workspacePlace(workspace: { id: string; name: string }): Place {
  const workspace_id = workspace.id
  return {
    key: ['workspace', workspace_id, 'invitations'],
    name: workspace.name,
    roles: [
      { value: 'view', label: 'View', description: 'Sees everything but secret values.' },
      { value: 'edit', label: 'Edit', description: 'Everything in View, and creates, changes and runs things.' },
      { value: 'admin', label: 'Admin', description: 'Everything in Edit, and settings, secrets, members and API keys.' },
    ],
    list: (page) => client.listInvitations({ workspace_id, limit: pageSize, ...page }),
    create: ({ role, ...wanted }) => client.createInvitation({ workspace_id, ...wanted, role: role as 'view' }),
    resend: (invitation_id) => client.resendInvitation({ workspace_id, invitation_id }),
    revoke: (invitation_id) => client.revokeInvitation({ workspace_id, invitation_id }),
  }
}

export function accountPlace(account: { id: string; name: string }): Place {
  const account_id = account.id
  return {
    key: ['account', account_id, 'invitations'],
    name: account.name,
    roles: invitableRoles,
    list: (page) => client.listAccountInvitations({ account_id, limit: pageSize, ...page }),
    create: ({ role, ...wanted }) => client.createAccountInvitation({ account_id, ...wanted, role: role as 'member' }),
    resend: (invitation_id) => client.resendAccountInvitation({ account_id, invitation_id }),
    revoke: (invitation_id) => client.revokeAccountInvitation({ account_id, invitation_id }),
  }
}

export const invitationsQuery = (place: Place, page: Page) =>
  queryOptions({ queryKey: [...place.key, page], queryFn: () => place.list(page).then((found) => found) })
