import type { Me } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { meQuery, sessionsQuery } from '../api/identity.ts'
import { faultOf, showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast-store.ts'

export function NameForm({ me }: { me: Me }) {
  const { register, handleSubmit, setError, reset, formState } = useForm({
    values: { name: me.label },
    resetOptions: { keepDirtyValues: true },
  })
  const { errors, isSubmitting, isDirty } = formState
  const submit = handleSubmit(async ({ name }) => {
    try {
      const changed = await client.updateMe({ name: name.trim() })
      queryClient.setQueryData(meQuery.queryKey, changed)
      reset({ name: changed.label })
      showToast({ title: 'Name saved' })
    } catch (error) {
      showProblem(error, setError, ['name'])
    }
  })
  return (
    <Card title="Profile" padded>
      <form noValidate className="grid gap-4" onSubmit={submit}>
        <FormError>{errors.root?.message}</FormError>
        <Field label="Name" error={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              autoComplete="name"
              maxLength={100}
              {...register('name', { validate: (name) => name.trim() !== '' || 'Enter your name.' })}
            />
          )}
        </Field>
        <Field label="Email" hint="What you sign in with.">
          {(control) => <Input {...control} type="email" readOnly value={me.email ?? ''} />}
        </Field>
        <div className="flex justify-end">
          <Button type="submit" variant="primary" loading={isSubmitting} disabled={!isDirty}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  )
}

export function PasswordForm({ me }: { me: Me }) {
  const { register, handleSubmit, setError, reset, formState } = useForm({ defaultValues: { current_password: '', new_password: '' } })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async (values) => {
    try {
      await client.changePassword(values)
      reset()
      void queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey })
      showToast({ title: 'Password changed', description: 'Every other session has been signed out.' })
    } catch (error) {
      if (faultOf(error, '/body/current_password') === 'is wrong')
        return setError('current_password', { message: 'That is not your current password.' }, { shouldFocus: true })
      showProblem(error, setError, ['current_password', 'new_password'])
    }
  })
  return (
    <Card title="Password" padded>
      <form noValidate className="grid gap-4" onSubmit={submit}>
        <FormError>{errors.root?.message}</FormError>
        <input type="email" autoComplete="username" readOnly hidden value={me.email ?? ''} />
        <Field label="Current password" error={errors.current_password?.message}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              {...register('current_password', { required: 'Enter your current password.' })}
            />
          )}
        </Field>
        <Field label="New password" hint="At least 10 characters. Every other session is signed out." error={errors.new_password?.message}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              {...register('new_password', {
                required: 'Choose a password.',
                minLength: { value: 10, message: 'Use at least 10 characters.' },
              })}
            />
          )}
        </Field>
        <div className="flex justify-end">
          <Button type="submit" variant="primary" loading={isSubmitting}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  )
}
