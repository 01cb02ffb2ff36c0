import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function MembersPage() {
  return <Page title="Members" lead="" />
}
