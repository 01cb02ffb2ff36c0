import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function AccountMembersPage() {
  return <Page title="People" lead="" />
}
