import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function SharingPage() {
  return <Page title="Sharing" lead="" />
}
