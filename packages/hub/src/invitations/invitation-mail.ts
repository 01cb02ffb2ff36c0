import type { Mail } from '@freehold/drivers'
import type { PlaceNames } from './queries.ts'

export type InvitationNews = { to: string; from: string; names: PlaceNames; role: string; expiresAt: Date }

/** The mail with the link. Text alone: names that people chose cannot become markup in it. */
export function writeMail({ to, from, names, role, expiresAt }: InvitationNews, url: string): Mail {
  const { accountName, workspaceName } = names
  const place = workspaceName === null ? `the account ${accountName}` : `the workspace ${workspaceName} of ${accountName}`
  return {
    to,
    subject: `${from} invites you to ${workspaceName ?? accountName}`,
    text: [
      'Hello,',
      `${from} invites you to ${place} on Freehold, with the role \`${role}\`.`,
      `To accept, follow this link until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC:`,
      url,
      'It is meant for you alone and works once. If you expected no invitation, you need not do anything.\n',
    ].join('\n\n'),
  }
}
