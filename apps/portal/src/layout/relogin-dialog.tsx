import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import type { Me } from '@freehold/contract'
import { describeProblem, isProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { markSignedIn } from '../api/session.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { useSignOut } from './sign-out.ts'

/** Signs in again over the page, which stays as it is, with everything typed into it. */
export default function ReloginDialog({ me }: { me: Me }) {
  const signOut = useSignOut()
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { password: '' } })

  const submit = handleSubmit(async ({ password }) => {
    try {
      await client.signIn({ email: me.email ?? '', password })
      markSignedIn()
      await queryClient.invalidateQueries()
    } catch (error) {
      if (isProblem(error, 'unauthenticated')) setError('password', { message: 'That password is not right.' }, { shouldFocus: true })
      else setError('root', { message: describeProblem(error) })
    }
  })

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
          <FormError>{formState.errors.root?.message}</FormError>
          <Field label="Email">
            {(control) => <Input {...control} type="email" autoComplete="username" readOnly value={me.email ?? ''} />}
          </Field>
          <Field label="Password" error={formState.errors.password?.message}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="current-password"
                {...register('password', { required: 'Enter your password.' })}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFoot>
          <Button variant="ghost" onClick={() => void signOut()}>
            Sign in as somebody else
          </Button>
          <Button type="submit" variant="primary" loading={formState.isSubmitting}>
            Sign in
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
