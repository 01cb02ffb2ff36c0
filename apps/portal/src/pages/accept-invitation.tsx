import type { InvitationPreview } from '@freehold/contract'
import { FreeholdError } from '@freehold/sdk/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { client } from '../api/client.ts'
import { meQuery } from '../api/identity.ts'
import { describeProblem } from '../api/problem.ts'
import { AcceptAsNewUser } from '../invitations/accept-as-new-user.tsx'
import { AcceptSignedIn } from '../invitations/accept-signed-in.tsx'
import { readInvitationToken } from '../invitations/kept-token.ts'
import { SignInFirst, SwitchPerson } from '../invitations/sign-in-first.tsx'
import { AuthFrame } from '../layout/auth-frame.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Prose } from '../ui/prose.tsx'
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
  const token = readInvitationToken(useLocation({ select: ({ hash }) => hash }))
  const query = useQuery({ ...previewQuery(token), enabled: token !== '' })
  if (token === '') {
    return <DeadLink>The link is missing its end. Copy the whole link of the invitation, including everything after the #.</DeadLink>
  }
  if (query.error && isFinal(query.error)) return <DeadLink>{describeProblem(query.error)}</DeadLink>
  return (
    <AuthFrame title="You are invited" lead={query.data && describe(query.data)}>
      <Loaded query={query} what="the invitation" skeleton={<Skeleton className="mt-6 h-48" />}>
        {(preview) => <Accept key={token} token={token} preview={preview} />}
      </Loaded>
    </AuthFrame>
  )
}

/** Wrong, replaced, revoked, expired or used: asking again changes nothing. */
const isFinal = (error: Error) => error instanceof FreeholdError && [400, 404, 409, 410].includes(error.status)

function DeadLink({ children }: { children: string }) {
  return (
    <AuthFrame title="This link does not work">
      <div role="status" className="mt-2 grid gap-5">
        <p className="text-pretty text-fg-2">
          <Prose>{children}</Prose>
        </p>
        <Link to="/" className={buttonClass({ variant: 'secondary', size: 'lg' })}>
          Go to Freehold
        </Link>
      </div>
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
function Accept({ token, preview: { email, account_exists: exists } }: AcceptProps) {
  const { data: me, isPending } = useQuery(callerQuery)
  if (isPending) return <Skeleton className="mt-6 h-32" />
  if (me?.email?.toLowerCase() === email.toLowerCase()) return <AcceptSignedIn token={token} />
  if (me) return <SwitchPerson email={email} signedInAs={me.email ?? me.label} />
  return exists ? <SignInFirst token={token} email={email} /> : <AcceptAsNewUser token={token} email={email} />
}
