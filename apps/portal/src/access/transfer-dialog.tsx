import type { Workspace } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { isProblem, showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { EmailField, someEmail } from '../ui/email-field.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { showToast } from '../ui/toast-store.ts'

type TransferDialogProps = { open: boolean; workspace: Workspace; onClose: () => void }

/** Hands the workspace to another owner. What cannot be taken back alone asks for the slug. */
export default function TransferDialog({ open, workspace, onClose }: TransferDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Transfer ${workspace.name}`}
      description="The new owner may do everything, also take your access away. Only they can hand it back."
    >
      <TransferForm workspace={workspace} onClose={onClose} />
    </Dialog>
  )
}

const roles = [
  { value: 'admin', label: 'Admin' },
  { value: 'edit', label: 'Edit' },
  { value: 'view', label: 'View' },
  { value: 'none', label: 'None of my own' },
]
type Kept = 'admin' | 'edit' | 'view'

function TransferForm({ workspace, onClose }: Omit<TransferDialogProps, 'open'>) {
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm({
    defaultValues: { subject: '', keep_role: 'admin', slug: '' },
  })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async ({ subject, keep_role }) => {
    try {
      const kept = keep_role === 'none' ? null : (keep_role as Kept)
      await client.transferOwnership({ workspace_id: workspace.id, subject: subject.trim(), keep_role: kept })
    } catch (error) {
      if (isProblem(error, 'not_found')) {
        return setError('subject', { message: 'Nobody signs in here with this email. Invite them first.' }, { shouldFocus: true })
      }
      return showProblem(error, setError, ['subject', 'keep_role'])
    }
    showToast({ title: `${workspace.name} has a new owner` })
    await queryClient.invalidateQueries({ queryKey: ['workspace', workspace.id] })
    onClose()
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <EmailField
          label="New owner"
          hint="The email of somebody who signs in here."
          error={errors.subject?.message}
          registration={register('subject', someEmail)}
        />
        <Field label="Your role from then on" error={errors.keep_role?.message}>
          {({ id }) => <Select id={id} value={watch('keep_role')} options={roles} onChange={(value) => setValue('keep_role', value)} />}
        </Field>
        <Field label={`Type ${workspace.slug} to confirm`} error={errors.slug?.message}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              {...register('slug', { validate: (text) => text.trim() === workspace.slug || `Type ${workspace.slug}.` })}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="danger" loading={isSubmitting} disabled={watch('slug').trim() !== workspace.slug}>
          Transfer ownership
        </Button>
      </DialogFoot>
    </form>
  )
}
