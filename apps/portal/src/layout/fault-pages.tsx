import { FreeholdError } from '@freehold/sdk/core'
import { type ErrorComponentProps, Link, useLocation, useRouter } from '@tanstack/react-router'
import { describeProblem, isMissing, needsSecondFactor } from '../api/problem.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { FaultPage } from '../ui/fault.tsx'
import { useSignOut } from './sign-out.ts'

/** One page for what is not there and for what may not be seen: telling them apart would tell too much. */
export function NotFoundPage() {
  return (
    <FaultPage
      title="There is nothing here"
      actions={
        <Link to="/workspaces" className={buttonClass({ variant: 'primary' })}>
          Go to workspaces
        </Link>
      }
    >
      It may have moved, or you may not have access.
    </FaultPage>
  )
}

/** Outside the shell there is no landmark around a page yet. */
export const BareNotFoundPage = () => (
  <main>
    <NotFoundPage />
  </main>
)

export const BareRouteFault = (props: ErrorComponentProps) => (
  <main>
    <RouteFault {...props} />
  </main>
)

export function RouteFault({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return <QueryFault error={error} onRetry={retry} />
}

/** The whole page's answer to a failed read. */
export function QueryFault({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (isMissing(error)) return <NotFoundPage />
  if (needsSecondFactor(error)) return <SecondFactorPage />
  const failure = error instanceof FreeholdError ? error : undefined
  const retry = (
    <Button variant="primary" onClick={onRetry}>
      Retry
    </Button>
  )
  if (failure?.status === 0) {
    return (
      <FaultPage title="Freehold is not reachable" actions={retry}>
        {navigator.onLine ? 'The server did not answer. It may be restarting.' : 'This device is offline.'} What you see will refresh by
        itself once it is back.
      </FaultPage>
    )
  }
  if (failure?.status === 403) return <ForbiddenPage failure={failure} />
  return (
    <FaultPage title="This page could not be loaded" actions={retry} requestId={failure?.requestId}>
      {describeProblem(error)}
    </FaultPage>
  )
}

function ForbiddenPage({ failure }: { failure: FreeholdError }) {
  const permission = failure.members['permission']
  return (
    <FaultPage
      title="You may not open this"
      actions={
        <Link to="/workspaces" className={buttonClass({ variant: 'primary' })}>
          Go to workspaces
        </Link>
      }
    >
      {typeof permission === 'string' ? `You lack the permission ${permission}. ` : `${failure.detail} `}
      Ask somebody who administers it.
    </FaultPage>
  )
}

/** Who has what it takes signs in with it; who has not sets it up. Either way the page is theirs afterwards. */
function SecondFactorPage() {
  const { href } = useLocation()
  const signOut = useSignOut()
  return (
    <FaultPage
      title="This needs a second factor"
      actions={
        <>
          <Link to="/me" hash="security" className={buttonClass({ variant: 'primary' })}>
            Set one up in your profile
          </Link>
          <Button onClick={() => void signOut(href)}>Sign in with it</Button>
        </>
      }
    >
      The account lets in only people who have signed in with an authenticator app or a passkey, and you have not. If you have one of them
      already, sign in again with it.
    </FaultPage>
  )
}
