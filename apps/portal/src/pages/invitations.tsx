import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function InvitationsPage() {
  return <Page title="Invitations" lead="" />
}
