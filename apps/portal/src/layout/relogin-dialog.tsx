import type { Me } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { client } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { markSignedIn } from '../api/session.ts'
import { methodsQuery } from '../api/sign-in.ts'
import { CodeField, codeRules } from '../sign-in/code-field.tsx'
import { PasskeyButton } from '../sign-in/other-ways.tsx'
import { usePasswordSignIn } from '../sign-in/use-password-sign-in.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { useSignOut } from './sign-out.ts'

/** Signs in again over the page, which stays as it is, with everything typed into it. */
export default function ReloginDialog({ me }: { me: Me }) {
  const signOut = useSignOut()
  const { data: methods } = useQuery(methodsQuery)
  const [fault, setFault] = useState<string>()
  const resume = async (userId: string) => {
    // What is on the screen is for the eyes of the person before.
    if (userId !== me.id) return location.assign('/')
    markSignedIn()
    await queryClient.invalidateQueries()
  }
  useSignInElsewhere(resume)
  const { register, formState, needsCode, submit } = usePasswordSignIn({
    email: me.email ?? '',
    wrongPassword: 'That password is not right.',
    onSignedIn: resume,
  })
  const { errors, isSubmitting } = formState

  return (
    <Dialog
      open
      dismissible={false}
      onClose={() => undefined}
      title="Your session has ended"
      description="Sign in again to go on. What you have typed is still here."
    >
      <form noValidate onSubmit={submit}>
        <DialogBody>
          <FormError>{errors.root?.message ?? fault}</FormError>
          {me.email && (
            <>
              <Field label="Email">
                {(control) => <Input {...control} type="email" autoComplete="username" readOnly value={me.email ?? ''} />}
              </Field>
              <Field label="Password" error={errors.password?.message}>
                {(control) => (
                  <Input
                    {...control}
                    type="password"
                    autoComplete="current-password"
                    autoFocus
                    readOnly={needsCode}
                    {...register('password', { required: 'Enter your password.' })}
                  />
                )}
              </Field>
              {needsCode && <CodeField autoFocus error={errors.code?.message} {...register('code', codeRules)} />}
            </>
          )}
          {methods?.passkey && <PasskeyButton onSignedIn={resume} onFault={setFault} />}
          {methods?.oidc && <ElsewhereNote provider={methods.oidc.name} />}
        </DialogBody>
        <DialogFoot>
          <Button variant="ghost" onClick={() => void signOut()}>
            Sign in as somebody else
          </Button>
          {me.email && (
            <Button type="submit" variant="primary" loading={isSubmitting}>
              Sign in
            </Button>
          )}
        </DialogFoot>
      </form>
    </Dialog>
  )
}

function ElsewhereNote({ provider }: { provider: string }) {
  return (
    <p className="text-xs text-pretty text-fg-2">
      By {provider}?{' '}
      <a href="/login" target="_blank" rel="noopener" className="font-medium text-accent underline underline-offset-2">
        Sign in in a new tab
      </a>
      , then come back here. This page would be lost if it went there itself.
    </p>
  )
}

/** The cookie is shared: whoever signs in in another tab is signed in here, which is noticed on coming back. */
function useSignInElsewhere(onSignedIn: (userId: string) => Promise<unknown>): void {
  const { data } = useQuery({
    queryKey: ['who-is-signed-in'],
    queryFn: ({ signal }) => client.getMe({}, { signal }),
    retry: false,
    gcTime: 0,
    refetchOnWindowFocus: 'always',
  })
  const userId = data?.id
  const notice = useEffectEvent(onSignedIn)
  useEffect(() => {
    if (userId) void notice(userId)
  }, [userId])
}
