import { Link, useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { client } from '../api/client.ts'
import { describeProblem } from '../api/problem.ts'
import { beginSession } from '../api/sign-in.ts'
import { AuthFrame } from '../layout/auth-frame.tsx'
import { takeNext } from '../sign-in/provider.ts'
import { buttonClass } from '../ui/button.tsx'
import { FormError } from '../ui/field.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

export function loader(): void {}

export default function SignInCallbackPage() {
  const fault = useCompletion()
  if (fault === undefined) {
    return (
      <AuthFrame title="Signing you in">
        <div role="status" aria-label="Asking the identity provider" className="mt-6">
          <Skeleton className="h-9" />
        </div>
      </AuthFrame>
    )
  }
  return (
    <AuthFrame title="You are not signed in">
      <div className="mt-6 grid gap-4">
        <FormError>{fault}</FormError>
        <Link to="/login" className={buttonClass({ variant: 'primary', size: 'lg' })}>
          Back to sign in
        </Link>
      </div>
    </AuthFrame>
  )
}

/** Hands the provider's answer to the server, once; what went wrong, or undefined until it is known. */
function useCompletion(): string | undefined {
  const router = useRouter()
  const [fault, setFault] = useState<string>()
  const begun = useRef(false)
  useEffect(() => {
    // The answer is good once, and effects run twice while developing.
    if (begun.current) return
    begun.current = true
    void complete()

    async function complete() {
      const callbackUrl = location.href
      if (location.search === '') return setFault('The identity provider sends browsers here at the end of a sign-in. Start there.')
      // Not by the router: it would load the page anew. The code belongs into no history and no bookmark.
      history.replaceState(history.state, '', location.pathname)
      try {
        await client.completeOidc({ callback_url: callbackUrl })
      } catch (error) {
        return setFault(describeProblem(error))
      }
      beginSession()
      await router.navigate({ href: takeNext(), replace: true })
    }
  }, [router])
  return fault
}
