import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { setupQuery } from '../api/identity.ts'
import { queryClient } from '../api/query-client.ts'
import { beginSession, methodsQuery } from '../api/sign-in.ts'
import { AuthFrame } from '../layout/auth-frame.tsx'
import { OrLine, OtherWays } from '../sign-in/other-ways.tsx'
import { PasswordSignIn } from '../sign-in/password-sign-in.tsx'

/** Waits for the ways to sign in, so that nothing moves under somebody who types already; without an answer there is the password. */
export async function loader(): Promise<void> {
  void queryClient.prefetchQuery(setupQuery)
  await queryClient.prefetchQuery(methodsQuery)
}

const route = getRouteApi('/login')

export default function LoginPage() {
  const { next } = route.useSearch()
  const router = useRouter()
  const { data: setup } = useQuery(setupQuery)
  const { data: methods } = useQuery(methodsQuery)
  const goOn = async () => {
    beginSession()
    await router.navigate({ href: next ?? '/' })
  }
  const others = methods && (methods.oidc || methods.passkey) && (
    <>
      <OtherWays methods={methods} next={next} onSignedIn={goOn} />
      {methods.password && <OrLine>or with email</OrLine>}
    </>
  )

  return (
    <AuthFrame title="Sign in to Freehold" lead={next ? 'Then you go on where you wanted to.' : undefined} version={setup?.version}>
      {setup && !setup.claimed && (
        <p role="status" className="mt-4 rounded-sm bg-warn-soft px-3 py-2 text-pretty text-warn">
          Nobody has claimed this installation yet. Open the setup link that the server printed when it started.
        </p>
      )}
      <div className="mt-6">
        {methods?.password === false ? others : <PasswordSignIn primary={!methods?.oidc} before={others} onSignedIn={goOn} />}
      </div>
    </AuthFrame>
  )
}
