import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function TokensPage() {
  return <Page title="Access tokens" lead="" />
}
