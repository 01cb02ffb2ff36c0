import type { ApiKey, Workspace } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { apiKeysQuery } from '../api/workspaces.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input, TextArea } from '../ui/field.tsx'
import { type RadioCard, RadioCards } from '../ui/radio-cards.tsx'
import { Select } from '../ui/select.tsx'
import { lifetimeHint, lifetimes, toLifetimeSeconds, usualLifetime } from './lifetime.ts'

const roles: readonly RadioCard<ApiKey['role']>[] = [
  { value: 'view', label: 'View', description: 'Reads everything but secret values.' },
  { value: 'edit', label: 'Edit', description: 'Everything in View, and creates, changes and runs things.' },
  { value: 'admin', label: 'Admin', description: 'Everything in Edit, and settings, secrets, members and API keys.' },
]

export type NewKey = { key: string; name: string }
type CreateKeyDialogProps = { open: boolean; workspace: Workspace; onClose: () => void; onCreated: (key: NewKey) => void }

export default function CreateKeyDialog({ open, workspace, onClose, onCreated }: CreateKeyDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Create API key" description="The key is shown once, after you create it.">
      <CreateKeyForm workspace={workspace} onClose={onClose} onCreated={onCreated} />
    </Dialog>
  )
}

function CreateKeyForm({ workspace, onClose, onCreated }: Omit<CreateKeyDialogProps, 'open'>) {
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm({
    defaultValues: { name: '', description: '', role: 'edit' as ApiKey['role'], lifetime_seconds: usualLifetime },
  })
  const { errors, isSubmitting } = formState
  const lifetime = watch('lifetime_seconds')

  const submit = handleSubmit(async ({ name, description, role, lifetime_seconds }) => {
    try {
      const created = await client.createApiKey({
        workspace_id: workspace.id,
        name: name.trim(),
        description: description.trim(),
        role,
        lifetime_seconds: toLifetimeSeconds(lifetime_seconds),
      })
      void queryClient.invalidateQueries({ queryKey: apiKeysQuery(workspace.id).queryKey })
      onCreated({ key: created.key, name: created.name })
    } catch (error) {
      showProblem(error, setError, ['name', 'description', 'role', 'lifetime_seconds'])
    }
  })

  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <Field label="Name" hint="Where it will be used, such as ci-main." error={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={64}
              autoComplete="off"
              {...register('name', { validate: (name) => name.trim() !== '' || 'Give the key a name.' })}
            />
          )}
        </Field>
        <Field label="Description" optional error={errors.description?.message}>
          {(control) => <TextArea {...control} maxLength={200} {...register('description')} />}
        </Field>
        <RadioCards legend="Role" value={watch('role')} onChange={(role) => setValue('role', role)} cards={roles} />
        <Field label="Lifetime" hint={lifetimeHint(lifetime)} error={errors.lifetime_seconds?.message}>
          {({ id }) => <Select id={id} value={lifetime} onChange={(value) => setValue('lifetime_seconds', value)} options={lifetimes} />}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Create key
        </Button>
      </DialogFoot>
    </form>
  )
}
