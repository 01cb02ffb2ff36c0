import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function AccountSecurityPage() {
  return <Page title="Security" lead="" />
}
