import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { describeProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { Button } from '../ui/button.tsx'
import { FormError } from '../ui/field.tsx'
import { forgetInvitationToken } from './kept-token.ts'

/** For the invited person, who is signed in already: one press. */
export function AcceptSignedIn({ token }: { token: string }) {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const accept = async () => {
    setBusy(true)
    setFault(undefined)
    try {
      const { workspace_id, account_id } = await client.acceptInvitation({ token })
      forgetInvitationToken()
      queryClient.clear()
      await (workspace_id
        ? navigate({ to: '/workspaces/$workspaceId', params: { workspaceId: workspace_id }, replace: true })
        : navigate({ to: '/accounts/$accountId', params: { accountId: account_id }, replace: true }))
    } catch (error) {
      setFault(describeProblem(error))
      setBusy(false)
    }
  }
  return (
    <div className="mt-6 grid gap-4">
      <FormError>{fault}</FormError>
      <Button variant="primary" size="lg" loading={busy} onClick={accept}>
        Accept the invitation
      </Button>
    </div>
  )
}
