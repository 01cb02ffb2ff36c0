import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function TenantsPage() {
  return <Page title="Tenants" lead="" />
}
