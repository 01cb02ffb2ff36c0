import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function AcceptInvitationPage() {
  return <Page title="Invitation" lead="" />
}
