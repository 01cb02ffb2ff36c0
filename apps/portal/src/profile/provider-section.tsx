import { useQuery } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { describeProblem } from '../api/problem.ts'
import { methodsQuery } from '../api/sign-in.ts'
import { goToProvider } from '../sign-in/provider.ts'
import { Button } from '../ui/button.tsx'
import { showToast } from '../ui/toast-store.ts'
import { SecurityRow } from './security-row.tsx'

/** Who has signed in here already and then by the provider is known to be both. */
export function ProviderSection() {
  const { data: methods } = useQuery(methodsQuery)
  const [busy, setBusy] = useState(false)
  if (!methods?.oidc) return null
  const { name } = methods.oidc
  const link = async () => {
    setBusy(true)
    try {
      await goToProvider('/me')
    } catch (error) {
      showToast({ type: 'error', title: `${name} cannot be reached`, description: describeProblem(error) })
      setBusy(false)
    }
  }
  return (
    <SecurityRow
      icon={<ShieldCheck />}
      title={name}
      actions={
        <Button size="sm" loading={busy} aria-label={`Link ${name}`} onClick={link}>
          Link
        </Button>
      }
    >
      Signing in by it from here links it to you, if it vouches for your email address.
    </SecurityRow>
  )
}
