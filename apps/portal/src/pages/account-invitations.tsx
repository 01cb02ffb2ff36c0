import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function AccountInvitationsPage() {
  return <Page title="Invitations" lead="" />
}
