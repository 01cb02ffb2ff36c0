import { generateSlug } from '@freehold/kit/slug'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { accountsQuery } from '../api/accounts.ts'
import { client } from '../api/client.ts'
import { isProblem, showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { regionsQuery } from '../api/workspaces.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input, TextArea } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Select } from '../ui/select.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

type CreateWorkspaceDialogProps = { open: boolean; onClose: () => void; preferredAccount: string | undefined }

export default function CreateWorkspaceDialog({ open, onClose, preferredAccount }: CreateWorkspaceDialogProps) {
  const accounts = useQuery(accountsQuery)
  const regions = useQuery(regionsQuery)
  return (
    <Dialog open={open} onClose={onClose} title="Create workspace" description="It gets dev, staging and prod environments.">
      <Loaded query={accounts} what="your accounts" skeleton={<FormSkeleton />}>
        {(allAccounts) => (
          <Loaded query={regions} what="the regions" skeleton={<FormSkeleton />}>
            {(allRegions) => {
              const usable = allAccounts.filter(({ permissions }) => permissions.includes('administer'))
              return (
                <CreateForm
                  onClose={onClose}
                  accounts={usable.map(({ id, name }) => ({ value: id, label: name }))}
                  regions={allRegions.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name} (${id})` }))}
                  preferredAccount={preferredAccount}
                />
              )
            }}
          </Loaded>
        )}
      </Loaded>
    </Dialog>
  )
}

const FormSkeleton = () => <Skeleton className="m-5 h-80" />

type Option = { value: string; label: string }
type CreateFormProps = {
  onClose: () => void
  accounts: readonly Option[]
  regions: readonly Option[]
  preferredAccount: string | undefined
}

function CreateForm({ onClose, accounts, regions, preferredAccount }: CreateFormProps) {
  const navigate = useNavigate()
  const account = accounts.find(({ value }) => value === preferredAccount) ?? accounts[0]
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm({
    defaultValues: { name: '', slug: '', account_id: account?.value ?? '', region: regions[0]?.value ?? '', description: '' },
  })
  const { errors, isSubmitting, dirtyFields } = formState

  const submit = handleSubmit(async (values) => {
    try {
      const input = { ...values, name: values.name.trim(), description: values.description.trim() || undefined }
      const { workspace_id } = await client.createWorkspace(input)
      void queryClient.invalidateQueries({ queryKey: ['workspaces'] })
      await navigate({ to: '/workspaces/$workspaceId', params: { workspaceId: workspace_id } })
    } catch (error) {
      if (isProblem(error, 'slug_taken')) {
        return setError(
          'slug',
          { message: 'Another workspace has or had this slug. Slugs are never used twice; choose another.' },
          { shouldFocus: true },
        )
      }
      showProblem(error, setError, ['name', 'slug', 'account_id', 'region', 'description'])
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
              {...register('name', {
                validate: (name) => name.trim() !== '' || 'Give the workspace a name.',
                onChange: (event: { target: { value: string } }) => {
                  const name = event.target.value
                  if (!dirtyFields.slug) setValue('slug', name.trim() ? generateSlug(name) : '')
                },
              })}
            />
          )}
        </Field>
        <Field label="Slug" hint="In addresses and commands. It never changes." error={errors.slug?.message}>
          {(control) => (
            <Input
              {...control}
              maxLength={48}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono text-sm!"
              {...register('slug', { required: 'Give the workspace a slug.' })}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Account" error={errors.account_id?.message}>
            {({ id }) => (
              <Select id={id} value={watch('account_id')} onChange={(value) => setValue('account_id', value)} options={accounts} />
            )}
          </Field>
          <Field label="Region" error={errors.region?.message}>
            {({ id }) => <Select id={id} value={watch('region')} onChange={(value) => setValue('region', value)} options={regions} />}
          </Field>
        </div>
        <Field label="Description" optional error={errors.description?.message}>
          {(control) => <TextArea {...control} maxLength={500} {...register('description')} />}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Create workspace
        </Button>
      </DialogFoot>
    </form>
  )
}
