import type { Account, Group } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { accountGroupsKey, groupQuery } from '../api/account-people.ts'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { plural } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast-store.ts'

type DeleteGroupDialogProps = { account: Account; group: Group; onClose: () => void; onDeleted: () => void }

/** Says what ends with the group, and asks for its name. */
export default function DeleteGroupDialog({ account, group, onClose, onDeleted }: DeleteGroupDialogProps) {
  return (
    <Dialog open onClose={onClose} title={`Delete the group ${group.name}?`} description="This cannot be undone.">
      <DeleteForm account={account} group={group} onClose={onClose} onDeleted={onDeleted} />
    </Dialog>
  )
}

function DeleteForm({ account, group, onClose, onDeleted }: DeleteGroupDialogProps) {
  const { register, handleSubmit, setError, watch, formState } = useForm({ defaultValues: { name: '' } })
  const { errors, isSubmitting } = formState
  const matches = watch('name').trim() === group.name
  const submit = handleSubmit(async () => {
    if (!matches) return
    try {
      await client.deleteGroup({ account_id: account.id, group_id: group.id })
    } catch (error) {
      return showProblem(error, setError, [])
    }
    showToast({ title: `Deleted the group ${group.name}` })
    onDeleted()
    queryClient.removeQueries({ queryKey: groupQuery(account.id, group.id).queryKey })
    await queryClient.invalidateQueries({ queryKey: accountGroupsKey(account.id) })
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <ul className="grid list-disc gap-1 ps-4 text-sm text-pretty text-fg-2">
          <li>Every workspace that is shared with the group is no longer shared with it.</li>
          <li>
            {group.members === 0
              ? 'Nobody is directly in it. Whoever is in a group inside it loses what came through this one.'
              : `${plural(group.members, 'person', 'people')} in it, and whoever is in a group inside it, lose what they have only through it, from the next request on.`}
          </li>
          <li>The people themselves stay in the account.</li>
        </ul>
        <Field label={`Type ${group.name} to confirm`}>
          {(control) => <Input {...control} autoFocus autoComplete="off" spellCheck={false} {...register('name')} />}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="danger" loading={isSubmitting} disabled={!matches}>
          Delete group
        </Button>
      </DialogFoot>
    </form>
  )
}
