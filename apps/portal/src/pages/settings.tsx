import type { Workspace } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { isProblem, showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { workspaceQuery } from '../api/workspaces.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Field, FormError, Input, TextArea } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'
import { showToast } from '../ui/toast-store.ts'
import { refusalOf } from '../workspace/refusals.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'

export function loader({ params: { workspaceId } }: { params: { workspaceId: string } }): void {
  void queryClient.prefetchQuery(workspaceQuery(workspaceId))
}

export default function SettingsPage() {
  const workspace = useWorkspace()
  return (
    <Page title="General" lead={`How ${workspace.name} is named and described.`}>
      <div className="mt-6 max-w-2xl">
        <GeneralForm key={workspace.id} workspace={workspace} />
      </div>
    </Page>
  )
}

function GeneralForm({ workspace }: { workspace: Workspace & { etag: string | null } }) {
  const refusal = refusalOf(workspace, 'administer')
  const { register, handleSubmit, setError, reset, formState } = useForm({
    values: { name: workspace.name, description: workspace.description },
    resetOptions: { keepDirtyValues: true },
  })
  const { errors, isSubmitting, isDirty } = formState

  const submit = handleSubmit(async ({ name, description }) => {
    const input = { workspace_id: workspace.id, name: name.trim(), description: description.trim() }
    try {
      const { data, etag } = await client.raw.updateWorkspace(input, { ifMatch: workspace.etag ?? undefined })
      queryClient.setQueryData(workspaceQuery(workspace.id).queryKey, { ...data, etag })
      reset({ name: data.name, description: data.description })
      void queryClient.invalidateQueries({ queryKey: ['workspaces'] })
      showToast({ title: 'Settings saved' })
    } catch (error) {
      if (isProblem(error, 'version_mismatch')) {
        await queryClient.invalidateQueries({ queryKey: workspaceQuery(workspace.id).queryKey })
        return setError('root', {
          message: 'Somebody changed this workspace since you opened it. What you typed is kept: check it and save again.',
        })
      }
      showProblem(error, setError, ['name', 'description'])
    }
  })

  return (
    <Card title="Workspace" padded>
      <form noValidate className="grid gap-4" onSubmit={submit}>
        {refusal && (
          <p role="status" className="rounded-sm bg-warn-soft px-3 py-2 text-pretty text-warn">
            You cannot change these settings. {refusal}
          </p>
        )}
        <FormError>{errors.root?.message}</FormError>
        <Field label="Name" error={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              maxLength={100}
              readOnly={Boolean(refusal)}
              {...register('name', { validate: (name) => name.trim() !== '' || 'Give the workspace a name.' })}
            />
          )}
        </Field>
        <Field label="Description" optional error={errors.description?.message}>
          {(control) => <TextArea {...control} rows={3} maxLength={500} readOnly={Boolean(refusal)} {...register('description')} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Fixed label="Slug" value={workspace.slug} hint="Set when it was created; never changes." />
          <Fixed label="ID" value={workspace.id} hint="What the API calls this workspace." />
        </div>
        <div className="flex justify-end gap-2">
          <Button disabled={!isDirty || isSubmitting} onClick={() => reset()}>
            Discard
          </Button>
          <Button type="submit" variant="primary" loading={isSubmitting} reason={refusal} disabled={!isDirty && !refusal}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  )
}

function Fixed({ label, value, hint }: { label: string; value: string; hint: string }) {
  return (
    <div className="min-w-0">
      <div className="mb-1.5 text-sm font-medium">{label}</div>
      <CopyButton value={value} text={value} label={`Copy ${label}`} className="min-h-9" />
      <p className="mt-1.5 text-xs text-fg-3">{hint}</p>
    </div>
  )
}
