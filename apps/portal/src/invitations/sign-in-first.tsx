import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { meQuery } from '../api/identity.ts'
import { describeProblem, isProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { markSignedOut } from '../api/session.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { FormError } from '../ui/field.tsx'
import { keepInvitationToken } from './kept-token.ts'

export function SignInFirst({ token, email }: { token: string; email: string }) {
  return (
    <div className="mt-6 grid gap-4">
      <p role="status" className="text-pretty text-fg-2">
        The invitation is for <Address>{email}</Address>. Sign in as that person to accept it.
      </p>
      <Link
        to="/login"
        search={{ next: '/invitations/accept' }}
        onClick={() => keepInvitationToken(token)}
        className={buttonClass({ variant: 'primary', size: 'lg' })}
      >
        Sign in
      </Link>
    </div>
  )
}

/** Somebody else is signed in: they sign out here and go on with the same link. */
export function SwitchPerson({ email, signedInAs }: { email: string; signedInAs: string }) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const signOut = async () => {
    setBusy(true)
    setFault(undefined)
    markSignedOut()
    try {
      await client.signOut()
    } catch (error) {
      if (!isProblem(error, 'unauthenticated')) {
        setBusy(false)
        return setFault(describeProblem(error))
      }
    }
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'invitation' && queryKey[0] !== 'me' })
    await queryClient.resetQueries({ queryKey: meQuery.queryKey })
  }
  return (
    <div className="mt-6 grid gap-4">
      <FormError>{fault}</FormError>
      <p role="status" className="text-pretty text-fg-2">
        The invitation is for <Address>{email}</Address>, and you are signed in as <Address>{signedInAs}</Address>.
      </p>
      <Button variant="primary" size="lg" loading={busy} onClick={signOut}>
        Sign out and go on
      </Button>
      <Link to="/" className={buttonClass({ variant: 'secondary', size: 'lg' })}>
        Stay signed in
      </Link>
    </div>
  )
}

const Address = ({ children }: { children: string }) => <strong className="font-medium break-words text-fg">{children}</strong>
