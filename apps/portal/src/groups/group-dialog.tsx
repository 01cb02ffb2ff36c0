import type { Account, Group } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { accountGroupsKey } from '../api/account-people.ts'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input, TextArea } from '../ui/field.tsx'
import { showToast } from '../ui/toast-store.ts'

type GroupDialogProps = {
  open: boolean
  account: Account
  group: Group | undefined
  onClose: () => void
  onSaved: (group: Group) => void
}

/** Makes a group, or changes what it is called and whom a claim puts into it. */
export default function GroupDialog({ open, account, group, onClose, onSaved }: GroupDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={group ? `Edit ${group.name}` : 'Create group'}
      description={group ? undefined : 'People who are granted roles together. Add them once it is there.'}
    >
      <GroupForm account={account} group={group} onClose={onClose} onSaved={onSaved} />
    </Dialog>
  )
}

function GroupForm({ account, group, onClose, onSaved }: Omit<GroupDialogProps, 'open'>) {
  const { register, handleSubmit, setError, watch, formState } = useForm({
    defaultValues: { name: group?.name ?? '', description: group?.description ?? '', claim_value: group?.claim_value ?? '' },
  })
  const { errors, isSubmitting } = formState
  const losesClaim = Boolean(group?.claim_value) && watch('claim_value').trim() === ''
  const submit = handleSubmit(async ({ name, description, claim_value }) => {
    const wanted = { name: name.trim(), description: description.trim(), claim_value: claim_value.trim() || null }
    try {
      const saved = group
        ? await client.updateGroup({ account_id: account.id, group_id: group.id, ...wanted })
        : await client.createGroup({ account_id: account.id, ...wanted })
      showToast({ title: group ? `Saved ${saved.name}` : `Created ${saved.name}` })
      await queryClient.invalidateQueries({ queryKey: accountGroupsKey(account.id) })
      onSaved(saved)
    } catch (error) {
      showProblem(error, setError, ['name', 'description', 'claim_value'])
    }
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <Field label="Name" error={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={100}
              autoComplete="off"
              {...register('name', { validate: (name) => name.trim() !== '' || 'Give the group a name.' })}
            />
          )}
        </Field>
        <Field label="Description" optional error={errors.description?.message}>
          {(control) => <TextArea {...control} maxLength={500} {...register('description')} />}
        </Field>
        <Field
          label="Claim value"
          optional
          hint={
            losesClaim
              ? 'Without it, whoever came in by the claim is out at once.'
              : 'Whose sign-in carries this value in the groups claim of the identity provider is in the group from then on.'
          }
          error={errors.claim_value?.message}
        >
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              placeholder="engineering"
              {...register('claim_value')}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          {group ? 'Save' : 'Create group'}
        </Button>
      </DialogFoot>
    </form>
  )
}
