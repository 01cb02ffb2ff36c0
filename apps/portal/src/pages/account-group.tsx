import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function AccountGroupPage() {
  return <Page title="Group" lead="" />
}
