import { productSchema, rolesThatGrant } from '@freehold/authz'
import type { Granted } from '@freehold/authz'
import type { RequestContext } from '@freehold/authz/request'
import { AppError, permissions } from '@freehold/contract'

/** What somebody is invited to, proved by the permission to invite there. */
export type InvitingPlace = Granted<'workspace', 'manage_members'> | Granted<'account', 'administer'>
/** The same without the proof. */
export type Place = { type: 'workspace' | 'account'; id: string }

export function placeOf(invitation: { account_id: string; workspace_id: string | null }): Place {
  const { account_id: accountId, workspace_id: workspaceId } = invitation
  return workspaceId === null ? { type: 'account', id: accountId } : { type: 'workspace', id: workspaceId }
}

/** Nobody invites to more than they hold: throws `forbidden` with what they lack. */
export function refuseMoreThanHeld(ctx: RequestContext, { type }: Place, role: string): void {
  const given = permissions[type].filter((permission) => rolesThatGrant(productSchema(), type, permission).includes(role))
  const lacking = given.find((permission) => !ctx.permissions.has(permission))
  if (lacking === undefined) return
  throw new AppError('forbidden', `You need \`${lacking}\` on this ${type} to invite somebody as \`${role}\`. Choose a lesser role.`, {
    members: { permission: lacking },
  })
}
