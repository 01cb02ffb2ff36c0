import type { InvitationPreview } from '@freehold/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { meQuery } from '../api/identity.ts'
import { describeProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { AcceptAsNewUser } from '../invitations/accept-as-new-user.tsx'
import { AuthFrame } from '../layout/auth-frame.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { FormError } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

export function loader(): void {}

const previewQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => client.previewInvitation({ token }, { signal }),
    retry: false,
    gcTime: 0,
  })
const callerQuery = queryOptions({ ...meQuery, retry: false })

export default function AcceptInvitationPage() {
  // A fragment is never sent, so the token of the link reaches no access log.
  const [token] = useState(() => decodeURIComponent(location.hash.slice(1)))
  const query = useQuery({ ...previewQuery(token), enabled: token !== '' })
  return (
    <AuthFrame title="You are invited" lead={query.data && describe(query.data)}>
      {token === '' ? (
        <p role="status" className="mt-6 text-pretty text-fg-2">
          The link is missing its end. Copy the whole link of the invitation, including everything after the <code>#</code>.
        </p>
      ) : (
        <Loaded query={query} what="the invitation" skeleton={<Skeleton className="mt-6 h-48" />}>
          {(preview) => <Accept token={token} preview={preview} />}
        </Loaded>
      )}
    </AuthFrame>
  )
}

function describe({ account_name, workspace_name, role }: InvitationPreview): string {
  return workspace_name
    ? `To the workspace ${workspace_name} of ${account_name}, with the role ${role}.`
    : `To the account ${account_name}, with the role ${role}.`
}

type AcceptProps = { token: string; preview: InvitationPreview }

/** As whom one is signed in decides what is asked for. */
function Accept({ token, preview }: AcceptProps) {
  const { data: me, isPending } = useQuery(callerQuery)
  if (isPending) return <Skeleton className="mt-6 h-32" />
  if (me?.email?.toLowerCase() === preview.email.toLowerCase()) return <AcceptSignedIn token={token} />
  if (preview.account_exists || me) return <SignInFirst email={preview.email} signedInAs={me?.email ?? me?.label} />
  return <AcceptAsNewUser token={token} email={preview.email} />
}

function AcceptSignedIn({ token }: { token: string }) {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const accept = async () => {
    setBusy(true)
    setFault(undefined)
    try {
      const { workspace_id, account_id } = await client.acceptInvitation({ token })
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

function SignInFirst({ email, signedInAs }: { email: string; signedInAs: string | undefined }) {
  return (
    <div role="status" className="mt-6 grid gap-4">
      <p className="text-pretty text-fg-2">
        The invitation is for <strong className="font-medium text-fg">{email}</strong>
        {signedInAs
          ? `, and you are signed in as ${signedInAs}. Sign out, then open the link again.`
          : '. Sign in as that person to accept it.'}
      </p>
      {signedInAs ? (
        <Link to="/" className={buttonClass({ variant: 'secondary', size: 'lg' })}>
          Go to Freehold
        </Link>
      ) : (
        <Link
          to="/login"
          search={{ next: `/invitations/accept${location.hash}` }}
          className={buttonClass({ variant: 'primary', size: 'lg' })}
        >
          Sign in
        </Link>
      )}
    </div>
  )
}
