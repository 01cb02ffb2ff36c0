import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { setupQuery } from '../api/identity.ts'
import { isProblem, showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { markSignedIn } from '../api/session.ts'
import { AuthFrame } from '../layout/auth-frame.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

export function loader(): void {
  void queryClient.prefetchQuery(setupQuery)
}

export default function SetupPage() {
  const query = useQuery(setupQuery)
  // A fragment is never sent, so the token of the link reaches neither an access log nor a referrer.
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '')
  const [claimedHere, setClaimedHere] = useState(false)
  return (
    <AuthFrame
      title="Set up Freehold"
      lead="The first person here becomes the operator of this installation and the owner of its first account."
      version={query.data?.version}
    >
      <Loaded query={query} what="the state of this installation" skeleton={<Skeleton className="mt-6 h-64" />}>
        {({ claimed }) => {
          if (claimed && !claimedHere) return <AlreadyClaimed />
          return token ? <SetupForm token={token} onClaimed={() => setClaimedHere(true)} /> : <NoToken />
        }}
      </Loaded>
    </AuthFrame>
  )
}

function AlreadyClaimed() {
  return (
    <div role="status" className="mt-6 grid gap-4">
      <p className="text-pretty text-fg-2">
        This installation has already been claimed, so its setup link no longer works. If it was you, sign in. If not, ask whoever runs this
        server for an account.
      </p>
      <Link to="/login" className={buttonClass({ variant: 'primary', size: 'lg' })}>
        Go to sign in
      </Link>
    </div>
  )
}

function NoToken() {
  return (
    <p role="status" className="mt-6 text-pretty text-fg-2">
      The setup link is missing its token. Copy the whole link that the server printed when it started, including everything after the{' '}
      <code>#</code>.
    </p>
  )
}

function SetupForm({ token, onClaimed }: { token: string; onClaimed: () => void }) {
  const navigate = useNavigate()
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { name: '', email: '', password: '' } })
  const { errors, isSubmitting } = formState

  const submit = handleSubmit(async ({ name, email, password }) => {
    try {
      await client.claimSetup({ token, name: name.trim(), email: email.trim(), password })
    } catch (error) {
      if (isProblem(error, 'conflict') || isProblem(error, 'invalid_state'))
        await queryClient.invalidateQueries({ queryKey: setupQuery.queryKey })
      return showProblem(error, setError, ['name', 'email', 'password'])
    }
    onClaimed()
    queryClient.clear()
    markSignedIn()
    await navigate({ to: '/workspaces', replace: true })
  })

  return (
    <form noValidate className="mt-6 grid gap-4" onSubmit={submit}>
      <FormError>{errors.root?.message}</FormError>
      <Field label="Your name" error={errors.name?.message}>
        {(control) => (
          <Input {...control} autoComplete="name" autoFocus maxLength={100} {...register('name', { required: 'Enter your name.' })} />
        )}
      </Field>
      <Field label="Email" error={errors.email?.message}>
        {(control) => (
          <Input {...control} type="email" autoComplete="username" {...register('email', { required: 'Enter your email address.' })} />
        )}
      </Field>
      <Field label="Password" hint="At least 10 characters." error={errors.password?.message}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="new-password"
            {...register('password', { required: 'Choose a password.', minLength: { value: 10, message: 'Use at least 10 characters.' } })}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" size="lg" loading={isSubmitting}>
        Claim this installation
      </Button>
    </form>
  )
}
