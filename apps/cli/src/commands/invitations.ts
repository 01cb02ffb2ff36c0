import { type Invitation, type InvitationSent, invitationStates } from '@freehold/contract'
import type { Client } from '@freehold/sdk'
import { duration } from '../durations.ts'
import { choice, command, required, text } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { type Column, type Output, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { findAccountId, findWorkspaceId } from '../resources.ts'

const columns: Column<Invitation>[] = [
  { header: 'E-MAIL', cell: (invitation) => invitation.email },
  { header: 'ROLE', cell: (invitation) => invitation.role },
  { header: 'STATE', cell: (invitation) => invitation.state },
  { header: 'EXPIRES', cell: (invitation) => shownTime(invitation.expires_at) },
  { header: 'ID', cell: (invitation) => invitation.id },
]

const placeFlags = {
  workspace: text('WORKSPACE', 'Workspace slug or id'),
  account: text('ACCOUNT', 'Account slug or id, for the account itself'),
}
type Place = { workspace_id: string } | { account_id: string }

async function findPlace(
  sdk: Client,
  { workspace, account }: { workspace: string | undefined; account: string | undefined },
): Promise<Place> {
  if ((workspace === undefined) === (account === undefined))
    throw new CommandFailure('usage', 'Say where: --workspace or --account.', 'One of the two.')
  return workspace === undefined
    ? { account_id: await findAccountId(sdk, account) }
    : { workspace_id: await findWorkspaceId(sdk, workspace) }
}

function tell(out: Output, sent: InvitationSent, dryRun: boolean): void {
  out.result(sent.url ?? sent.id, sent)
  if (dryRun) return
  out.note(sent.url ? `Hand the link to ${sent.email}. It will not be shown again.` : `Sent to ${sent.email}.`)
}

export const invitationList = command({
  path: ['invitation', 'list'],
  summary: 'List the invitations to a workspace or an account.',
  flags: { ...placeFlags, ...listFlags, state: choice(invitationStates, 'Only those in this state') },
  async run({ flags, sdk, out }) {
    const place = await findPlace(sdk, flags)
    const page = { limit: pageSize(flags), state: flags.state }
    const list = 'workspace_id' in place ? sdk.listInvitations({ ...place, ...page }) : sdk.listAccountInvitations({ ...place, ...page })
    out.list(await takeItems(list, flags, out), columns, 'Nobody has been invited.')
  },
})

export const invitationCreate = command({
  path: ['invitation', 'create'],
  summary: 'Invite somebody by e-mail. Where no mail is configured it prints the link, once.',
  examples: ['freehold invitation create kim@example.com edit --workspace acme'],
  mutates: true,
  args: { email: required('E-mail'), role: required('Of a workspace admin, edit or view; of an account admin, billing or member') },
  flags: { ...placeFlags, lifetime: duration('How long the link works; 7d unless told') },
  async run({ args, flags, sdk, out, dryRun }) {
    const place = await findPlace(sdk, flags)
    const wanted = { email: args.email, lifetime_seconds: flags.lifetime }
    const sent =
      'workspace_id' in place
        ? await sdk.createInvitation({ ...place, ...wanted, role: args.role as 'view' })
        : await sdk.createAccountInvitation({ ...place, ...wanted, role: args.role as 'member' })
    tell(out, sent, dryRun)
  },
})

export const invitationResend = command({
  path: ['invitation', 'resend'],
  summary: 'Send an invitation again: a new link with a new expiry.',
  mutates: true,
  args: { invitation: required('Id of the invitation') },
  flags: placeFlags,
  async run({ args, flags, sdk, out, dryRun }) {
    const place = await findPlace(sdk, flags)
    const named = { invitation_id: args.invitation }
    tell(
      out,
      'workspace_id' in place
        ? await sdk.resendInvitation({ ...place, ...named })
        : await sdk.resendAccountInvitation({ ...place, ...named }),
      dryRun,
    )
  },
})

export const invitationRevoke = command({
  path: ['invitation', 'revoke'],
  summary: 'Revoke an invitation: its link no longer works.',
  mutates: true,
  args: { invitation: required('Id of the invitation') },
  flags: placeFlags,
  async run({ args, flags, sdk, out, dryRun }) {
    const place = await findPlace(sdk, flags)
    const named = { invitation_id: args.invitation }
    const answer: unknown =
      'workspace_id' in place
        ? await sdk.revokeInvitation({ ...place, ...named })
        : await sdk.revokeAccountInvitation({ ...place, ...named })
    out.result(dryRun ? '' : `Revoked ${args.invitation}.`, answer ?? undefined)
  },
})

export const invitationAccept = command({
  path: ['invitation', 'accept'],
  summary: 'Accept an invitation as the person whose token you use.',
  mutates: true,
  args: { link: required('The link, or the token at its end') },
  async run({ args, sdk, out }) {
    const accepted = await sdk.acceptInvitation({ token: args.link.split('#').at(-1) ?? args.link })
    out.result(`You have the role ${accepted.role}.`, accepted)
  },
})
