import type { CollectionSummary, Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { collectionQuery, refreshVault, vaultKey } from '../api/vault.ts'
import { plural } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast-store.ts'

type DropCollectionProps = {
  workspace: Workspace
  collection: Pick<CollectionSummary, 'name' | 'record_count'>
  onClose: () => void
  onDropped: () => void
}

export default function DropCollectionDialog({ open, ...form }: DropCollectionProps & { open: boolean }) {
  return (
    <Dialog
      open={open}
      onClose={form.onClose}
      title={`Drop ${form.collection.name}?`}
      description="This cannot be undone. What will be lost:"
    >
      <DropForm {...form} />
    </Dialog>
  )
}

function DropForm({ workspace, collection: { name, record_count }, onClose, onDropped }: DropCollectionProps) {
  const { data } = useQuery(collectionQuery({ workspaceId: workspace.id, collection: name }))
  const { register, handleSubmit, setError, watch, formState } = useForm({ defaultValues: { name: '' } })
  const submit = handleSubmit(async () => {
    try {
      await client.deleteCollection({ workspace_id: workspace.id, collection: name, confirm: name })
    } catch (error) {
      return showProblem(error, setError, [])
    }
    showToast({ title: `${name} is dropped` })
    onDropped()
    queryClient.removeQueries({ queryKey: [...vaultKey(workspace.id), 'collection', name] })
    await refreshVault(workspace.id)
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <ul className="list-disc ps-5 text-pretty text-fg-2">
          <li>
            <strong className="font-medium text-fg">{plural(data?.record_count ?? record_count, 'record')}</strong>, with their sensitive
            values
          </li>
          <li>its schema and indexes; programs that use it are answered that there is none</li>
        </ul>
        <FormError>{formState.errors.root?.message}</FormError>
        <Field label={<>Type {name} to confirm</>} error={formState.errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono text-sm!"
              {...register('name', { validate: (text) => text.trim() === name || `Type ${name}.` })}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="danger" loading={formState.isSubmitting} disabled={watch('name').trim() !== name}>
          Drop collection
        </Button>
      </DialogFoot>
    </form>
  )
}
