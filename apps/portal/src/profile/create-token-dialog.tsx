import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { tokensQuery } from '../api/identity.ts'
import { showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { lifetimeHint, lifetimes, toLifetimeSeconds, usualLifetime } from '../keys/lifetime.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'

export type NewToken = { token: string; name: string }
type CreateTokenDialogProps = { open: boolean; onClose: () => void; onCreated: (token: NewToken) => void }

export default function CreateTokenDialog({ open, onClose, onCreated }: CreateTokenDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Create personal access token" description="It reaches what you reach, and is shown once.">
      <CreateTokenForm onClose={onClose} onCreated={onCreated} />
    </Dialog>
  )
}

function CreateTokenForm({ onClose, onCreated }: Omit<CreateTokenDialogProps, 'open'>) {
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm({
    defaultValues: { name: '', lifetime_seconds: usualLifetime },
  })
  const { errors, isSubmitting } = formState
  const lifetime = watch('lifetime_seconds')
  const submit = handleSubmit(async ({ name, lifetime_seconds }) => {
    try {
      const created = await client.createMyToken({ name: name.trim(), lifetime_seconds: toLifetimeSeconds(lifetime_seconds) })
      void queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey })
      onCreated({ token: created.token, name: created.name })
    } catch (error) {
      showProblem(error, setError, ['name', 'lifetime_seconds'])
    }
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <Field label="Name" hint="Where it will be used, such as laptop." error={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={64}
              autoComplete="off"
              {...register('name', { validate: (name) => name.trim() !== '' || 'Give the token a name.' })}
            />
          )}
        </Field>
        <Field label="Lifetime" hint={lifetimeHint(lifetime)} error={errors.lifetime_seconds?.message}>
          {({ id }) => <Select id={id} value={lifetime} onChange={(value) => setValue('lifetime_seconds', value)} options={lifetimes} />}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Create token
        </Button>
      </DialogFoot>
    </form>
  )
}
