import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { setupQuery } from '../api/identity.ts'
import { describeProblem, isProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { markSignedIn } from '../api/session.ts'
import { AuthFrame } from '../layout/auth-frame.tsx'
import { Button } from '../ui/button.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'

export function loader(): void {
  void queryClient.prefetchQuery(setupQuery)
}

const route = getRouteApi('/login')

export default function LoginPage() {
  const { next } = route.useSearch()
  const router = useRouter()
  const { data: setup } = useQuery(setupQuery)
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { email: '', password: '' } })
  const { errors, isSubmitting } = formState

  const submit = handleSubmit(async (credentials) => {
    try {
      await client.signIn(credentials)
    } catch (error) {
      const wrong = isProblem(error, 'unauthenticated')
      setError('root', { message: wrong ? 'Email or password is not right.' : describeProblem(error) })
      return
    }
    queryClient.clear()
    markSignedIn()
    await router.navigate({ href: next ?? '/' })
  })

  return (
    <AuthFrame title="Sign in to Freehold" lead={next ? 'Then you go on where you wanted to.' : undefined} version={setup?.version}>
      {setup && !setup.claimed && (
        <p role="status" className="mt-4 rounded-sm bg-warn-soft px-3 py-2 text-pretty text-warn">
          Nobody has claimed this installation yet. Open the setup link that the server printed when it started.
        </p>
      )}
      <form noValidate className="mt-6 grid gap-4" onSubmit={submit}>
        <FormError>{errors.root?.message}</FormError>
        <Field label="Email" error={errors.email?.message}>
          {(control) => (
            <Input
              {...control}
              type="email"
              autoComplete="username"
              autoFocus
              {...register('email', { required: 'Enter your email address.' })}
            />
          )}
        </Field>
        <Field label="Password" error={errors.password?.message}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              {...register('password', { required: 'Enter your password.' })}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" size="lg" loading={isSubmitting}>
          Sign in
        </Button>
      </form>
    </AuthFrame>
  )
}
