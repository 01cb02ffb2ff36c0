import { exportOfList, type Handlers, type InputOf, type RequestContext } from '@freehold/authz/request'
import { createThrottle } from '../identity/index.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { createInvitation } from './create-invitation.ts'
import { createDelivery } from './delivery.ts'
import type { InvitationDeps, VerbDeps } from './deps.ts'
import { getInvitation, listInvitations } from './list-invitations.ts'
import { previewInvitation } from './preview-invitation.ts'
import { resendInvitation } from './resend-invitation.ts'
import { revokeInvitation } from './revoke-invitation.ts'

const workspaceOf = (ctx: RequestContext) => ctx.granted('workspace', 'manage_members')
const accountOf = (ctx: RequestContext) => ctx.granted('account', 'administer')

const listWorkspaceInvitations = (ctx: RequestContext, { query }: InputOf<'listInvitations'>) =>
  listInvitations(ctx, workspaceOf(ctx), query)
export const invitationExport = exportOfList('listInvitations', listWorkspaceInvitations)

/** Workspaces and accounts invite alike: each verb is given the place that the route's guard let through. */
export function invitationHandlers(invitationDeps: InvitationDeps) {
  const deps: VerbDeps = {
    secureCookies: invitationDeps.secureCookies,
    delivery: createDelivery(invitationDeps),
    throttle: createThrottle(invitationDeps),
  }
  return {
    listInvitations: listWorkspaceInvitations,
    createInvitation: (ctx, { body }) => createInvitation(ctx, deps, { place: workspaceOf(ctx), ...body }),
    getInvitation: (ctx, { params }) => getInvitation(ctx, workspaceOf(ctx), params.invitation_id),
    resendInvitation: (ctx, { params }) => resendInvitation(ctx, deps, { place: workspaceOf(ctx), id: params.invitation_id }),
    revokeInvitation: (ctx, { params }) => revokeInvitation(ctx, workspaceOf(ctx), params.invitation_id),
    listAccountInvitations: (ctx, { query }) => listInvitations(ctx, accountOf(ctx), query),
    createAccountInvitation: (ctx, { body }) => createInvitation(ctx, deps, { place: accountOf(ctx), ...body }),
    getAccountInvitation: (ctx, { params }) => getInvitation(ctx, accountOf(ctx), params.invitation_id),
    resendAccountInvitation: (ctx, { params }) => resendInvitation(ctx, deps, { place: accountOf(ctx), id: params.invitation_id }),
    revokeAccountInvitation: (ctx, { params }) => revokeInvitation(ctx, accountOf(ctx), params.invitation_id),
    previewInvitation: (ctx, { query }) => previewInvitation(ctx, deps, query.token),
    acceptInvitation: (ctx, { body }) => acceptInvitation(ctx, deps, body),
  } satisfies Partial<Handlers>
}
