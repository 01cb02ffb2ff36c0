import type { RequestContext } from '@freehold/authz/request'
import type { InvitationPreview } from '@freehold/contract'
import { findPersonNamed } from '../identity/index.ts'
import type { VerbDeps } from './deps.ts'
import { findInvited, refuseUnlessPending, unknownLink } from './find-invited.ts'
import { placeOf } from './place.ts'
import { findPlaceNames } from './queries.ts'

/** What the holder of a link may know before accepting. */
export async function previewInvitation(ctx: RequestContext, deps: VerbDeps, token: string): Promise<InvitationPreview> {
  const { invitation } = await findInvited(ctx, deps, token)
  refuseUnlessPending(invitation, ctx.clock.now())
  // The invitation says itself where it leads, so its token proves that much of the place: its names.
  const scope = { accountId: invitation.account_id, workspaceId: invitation.workspace_id ?? undefined }
  const [names, person] = await Promise.all([
    findPlaceNames(ctx.reading(scope), placeOf(invitation)),
    findPersonNamed(ctx, invitation.email),
  ])
  if (!names) throw unknownLink()
  return {
    email: invitation.email,
    role: invitation.role,
    account_name: names.accountName,
    workspace_name: names.workspaceName,
    expires_at: invitation.expires_at.toISOString(),
    account_exists: person !== undefined,
  }
}
