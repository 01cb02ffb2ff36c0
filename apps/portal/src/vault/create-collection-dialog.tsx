import type { Workspace } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { refreshVault } from '../api/vault.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast-store.ts'
import { exampleIndexes, exampleSchema } from './example.ts'
import { readIndexLines } from './index-lines.ts'
import { SchemaFields } from './schema-fields.tsx'
import { joinFaults, readObject } from './vault-faults.ts'

type CreateCollectionProps = { workspace: Workspace; onClose: () => void; onCreated: (name: string) => void }

export default function CreateCollectionDialog({ open, ...form }: CreateCollectionProps & { open: boolean }) {
  return (
    <Dialog
      open={open}
      onClose={form.onClose}
      className="max-w-[640px]!"
      title="New collection"
      description="Records of one kind. The schema says what fits; begin with this example and change it."
    >
      <CreateCollectionForm {...form} />
    </Dialog>
  )
}

function CreateCollectionForm({ workspace, onClose, onCreated }: CreateCollectionProps) {
  const { register, handleSubmit, setError, formState } = useForm({
    defaultValues: { name: '', description: '', schema: exampleSchema, indexes: exampleIndexes },
  })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async (form) => {
    const schema = readObject(form.schema)
    const lines = readIndexLines(form.indexes)
    if ('fault' in schema) return setError('schema', { message: schema.fault }, { shouldFocus: true })
    if ('fault' in lines) return setError('indexes', { message: lines.fault }, { shouldFocus: true })
    const name = form.name.trim()
    try {
      await client.createCollection({
        workspace_id: workspace.id,
        name,
        description: form.description.trim(),
        schema: schema.object,
        indexes: lines.indexes,
      })
    } catch (error) {
      return showProblem(joinFaults(error, ['schema', 'indexes']), setError, ['name', 'description', 'schema', 'indexes'])
    }
    showToast({ title: `${name} is created` })
    await refreshVault(workspace.id)
    onCreated(name)
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <Field label="Name" hint="Lower-case letters, digits and underscores. It stays as it is." error={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={63}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono text-sm!"
              {...register('name', {
                validate: (name) =>
                  /^[a-z][a-z0-9_]*$/.test(name.trim()) || 'Use lower-case letters, digits and underscores, a letter first.',
              })}
            />
          )}
        </Field>
        <Field label="Description" optional error={errors.description?.message}>
          {(control) => <Input {...control} maxLength={500} {...register('description')} />}
        </Field>
        <SchemaFields
          schema={register('schema')}
          schemaError={errors.schema?.message}
          indexes={register('indexes')}
          indexesError={errors.indexes?.message}
        />
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Create collection
        </Button>
      </DialogFoot>
    </form>
  )
}
