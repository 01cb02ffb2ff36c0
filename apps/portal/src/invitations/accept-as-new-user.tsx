import { useNavigate } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { beginSession } from '../api/sign-in.ts'
import { Button } from '../ui/button.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'

/** Makes the invited person a user, who is signed in by it. */
export function AcceptAsNewUser({ token, email }: { token: string; email: string }) {
  const navigate = useNavigate()
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { name: '', password: '' } })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async ({ name, password }) => {
    try {
      const { workspace_id, account_id } = await client.acceptInvitation({ token, name: name.trim(), password })
      beginSession()
      await (workspace_id
        ? navigate({ to: '/workspaces/$workspaceId', params: { workspaceId: workspace_id }, replace: true })
        : navigate({ to: '/accounts/$accountId', params: { accountId: account_id }, replace: true }))
    } catch (error) {
      showProblem(error, setError, ['name', 'password'])
    }
  })
  return (
    <form noValidate className="mt-6 grid gap-4" onSubmit={submit}>
      <FormError>{errors.root?.message}</FormError>
      <Field label="Email">{(control) => <Input {...control} type="email" autoComplete="username" value={email} readOnly />}</Field>
      <Field label="Your name" error={errors.name?.message}>
        {(control) => (
          <Input {...control} autoComplete="name" autoFocus maxLength={100} {...register('name', { required: 'Enter your name.' })} />
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
        Join
      </Button>
    </form>
  )
}
