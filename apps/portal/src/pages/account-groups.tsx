import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function AccountGroupsPage() {
  return <Page title="Groups" lead="" />
}
