import type { CollectionSchema, Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { describeProblem, showProblem } from '../api/problem.ts'
import { tellMismatch } from '../api/secrets.ts'
import { type Breaking, breakingOf, collectionSchemaQuery, refreshVault } from '../api/vault.ts'
import { plural } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input, TextArea } from '../ui/field.tsx'
import { Prose } from '../ui/prose.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast-store.ts'
import { indexLine, readIndexLines } from './index-lines.ts'
import { SchemaFields } from './schema-fields.tsx'
import { joinFaults, readObject } from './vault-faults.ts'

type EditSchemaProps = { open: boolean; workspace: Workspace; collection: string; onClose: () => void }

export default function EditSchemaDialog({ open, workspace, collection, onClose }: EditSchemaProps) {
  const query = useQuery({ ...collectionSchemaQuery({ workspaceId: workspace.id, collection }), enabled: open })
  return (
    <Dialog
      open={open}
      onClose={onClose}
      className="max-w-[640px]!"
      title={`Edit ${collection}`}
      description="A schema that takes all that the present one takes is applied at once. For any other you see first what breaks."
    >
      {query.data ? (
        <EditForm workspace={workspace} stored={query.data} onClose={onClose} />
      ) : query.error ? (
        <div className="p-5">
          <FormError>{describeProblem(query.error)}</FormError>
        </div>
      ) : (
        <Skeleton className="m-5 h-96" />
      )}
    </Dialog>
  )
}

type EditFormProps = Pick<EditSchemaProps, 'workspace' | 'onClose'> & { stored: CollectionSchema & { etag: string | undefined } }

function EditForm({ workspace, stored, onClose }: EditFormProps) {
  // What is read anew while somebody types must not pass for what they saw.
  const [before] = useState(stored)
  const [breaking, setBreaking] = useState<readonly Breaking[]>()
  const { register, handleSubmit, setError, clearErrors, formState } = useForm({
    defaultValues: {
      description: before.description,
      schema: JSON.stringify(before.schema, null, 2),
      indexes: before.indexes.map(indexLine).join('\n'),
      migration: '',
    },
  })
  const { errors, isSubmitting, dirtyFields } = formState

  const submit = handleSubmit(async (form) => {
    const schema = readObject(form.schema)
    const lines = readIndexLines(form.indexes)
    const migration = form.migration.trim() ? readObject(form.migration) : undefined
    if ('fault' in schema) return setError('schema', { message: schema.fault }, { shouldFocus: true })
    if ('fault' in lines) return setError('indexes', { message: lines.fault }, { shouldFocus: true })
    if (migration && 'fault' in migration) return setError('migration', { message: migration.fault }, { shouldFocus: true })
    try {
      await client.updateCollection(
        {
          workspace_id: workspace.id,
          collection: before.name,
          description: form.description.trim(),
          ...(dirtyFields.schema && { schema: schema.object }),
          ...(dirtyFields.indexes && { indexes: lines.indexes }),
          ...(breaking && { migrate: true, ...(migration && { migration: migration.object }) }),
        },
        { ifMatch: before.etag },
      )
    } catch (error) {
      const found = breakingOf(error)
      if (found && found.length > 0 && !breaking) return setBreaking(found)
      if (found && found.length > 0) setBreaking(found)
      return showProblem(joinFaults(tellMismatch(error, 'collection'), ['schema', 'indexes', 'migration']), setError, [
        'description',
        'schema',
        'indexes',
        'migration',
      ])
    }
    showToast({ title: `${before.name} is changed` })
    await refreshVault(workspace.id)
    onClose()
  })

  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <Field label="Description" optional error={errors.description?.message}>
          {(control) => <Input {...control} maxLength={500} {...register('description')} />}
        </Field>
        <SchemaFields
          schema={register('schema', {
            onChange: () => {
              // What breaks was counted for the schema as it was.
              setBreaking(undefined)
              clearErrors('root')
            },
          })}
          schemaError={errors.schema?.message}
          indexes={register('indexes')}
          indexesError={errors.indexes?.message}
        />
        {breaking && (
          <>
            <BreakingChanges breaking={breaking} />
            <Field
              label="Migration"
              optional
              hint='Of top-level fields: `{"rename": {"a": "b"}, "drop": ["c"], "set_default": {"d": 1}}`. It is applied only if every record fits then.'
              error={errors.migration?.message}
            >
              {(control) => <TextArea {...control} rows={3} spellCheck={false} className="font-mono text-xs!" {...register('migration')} />}
            </Field>
          </>
        )}
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant={breaking ? 'danger' : 'primary'} loading={isSubmitting}>
          {breaking ? 'Apply all the same' : 'Save'}
        </Button>
      </DialogFoot>
    </form>
  )
}

function BreakingChanges({ breaking }: { breaking: readonly Breaking[] }) {
  return (
    <div role="alert" className="rounded-sm bg-warn-soft px-3 py-2 text-sm text-warn">
      <p className="font-medium">The new schema may refuse what the present one takes. Nothing is changed yet.</p>
      <ul aria-label="Breaking changes" className="mt-1.5 list-disc ps-5">
        {breaking.map(({ path, what, records }) => (
          <li key={`${path} ${what}`} className="break-words">
            <code className="font-mono text-xs">{path || '/'}</code> <Prose>{what}</Prose>:{' '}
            {records === 0 ? 'no stored record breaks' : plural(records, 'stored record breaks', 'stored records break')}
          </li>
        ))}
      </ul>
    </div>
  )
}
