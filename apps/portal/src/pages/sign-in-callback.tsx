import { Page } from '../ui/page.tsx'

export function loader(): void {}

export default function SignInCallbackPage() {
  return <Page title="Signing in" lead="" />
}
