import type { ApiKey, Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import { useForm } from 'react-hook-form'
import { accountsQuery } from '../api/accounts.ts'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { apiKeysQuery } from '../api/workspaces.ts'
import { plural } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Field, FormError, Input, TextArea } from '../ui/field.tsx'
import { type RadioCard, RadioCards } from '../ui/radio-cards.tsx'
import { Select } from '../ui/select.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { firstLifetime, lengthOf, lifetimeHint, lifetimesWithin, toLifetimeSeconds } from './lifetime.ts'
import { LimitsFields, noLimits } from './limits-fields.tsx'
import { nameEntries, parseEntries } from './limits.ts'

const roles: readonly RadioCard<ApiKey['role']>[] = [
  { value: 'view', label: 'View', description: 'Reads everything but secret values.' },
  { value: 'edit', label: 'Edit', description: 'Everything in View, and creates, changes and runs things.' },
  { value: 'admin', label: 'Admin', description: 'Everything in Edit, and settings, secrets, members and API keys.' },
]

export type NewKey = { key: string; name: string }
type CreateKeyDialogProps = { open: boolean; workspace: Workspace; onClose: () => void; onCreated: (key: NewKey) => void }

export default function CreateKeyDialog({ open, workspace, onClose, onCreated }: CreateKeyDialogProps) {
  const accounts = useQuery(accountsQuery)
  // Who may not read the account is told by the API when they ask for too much.
  const longest = accounts.data?.find(({ id }) => id === workspace.account_id)?.max_api_key_lifetime_seconds ?? null
  return (
    <Dialog open={open} onClose={onClose} title="Create API key" description="The key is shown once, after you create it.">
      {accounts.isPending ? (
        <Skeleton className="m-5 h-96" />
      ) : (
        <CreateKeyForm workspace={workspace} longestSeconds={longest} onClose={onClose} onCreated={onCreated} />
      )}
    </Dialog>
  )
}

type CreateKeyFormProps = Omit<CreateKeyDialogProps, 'open'> & { longestSeconds: number | null }

function CreateKeyForm({ workspace, longestSeconds, onClose, onCreated }: CreateKeyFormProps) {
  const offered = lifetimesWithin(longestSeconds)
  const form = useForm({
    defaultValues: { name: '', description: '', role: 'edit' as ApiKey['role'], lifetime_seconds: firstLifetime(offered), ...noLimits },
  })
  const { register, handleSubmit, setError, setValue, watch } = form
  const { errors, isSubmitting } = form.formState
  const [showLimits, setShowLimits] = useState(false)
  const { lifetime_seconds: lifetime, scopes, allowed_ips, allowed_origins, environments } = watch()
  const limitCount = [scopes, allowed_ips, allowed_origins, environments].filter((limit) => limit.length > 0).length

  const submit = handleSubmit(async ({ name, description, role, lifetime_seconds, ...limits }) => {
    const lists = {
      scopes: parseEntries(limits.scopes),
      allowed_ips: parseEntries(limits.allowed_ips),
      allowed_origins: parseEntries(limits.allowed_origins),
      environments: limits.environments,
    }
    try {
      const created = await client.createApiKey({
        workspace_id: workspace.id,
        name: name.trim(),
        description: description.trim(),
        role,
        lifetime_seconds: toLifetimeSeconds(lifetime_seconds),
        ...lists,
      })
      void queryClient.invalidateQueries({ queryKey: apiKeysQuery(workspace.id).queryKey })
      onCreated({ key: created.key, name: created.name })
    } catch (error) {
      // What is hidden cannot take the focus.
      if (limitCount > 0) flushSync(() => setShowLimits(true))
      const fields = [
        'name',
        'description',
        'role',
        'lifetime_seconds',
        'scopes',
        'allowed_ips',
        'allowed_origins',
        'environments',
      ] as const
      showProblem(nameEntries(error, lists), setError, fields)
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
        <Field
          label="Lifetime"
          hint={
            longestSeconds === null
              ? lifetimeHint(lifetime)
              : `${lifetimeHint(lifetime)} The account allows ${lengthOf(longestSeconds)} at most.`
          }
          error={errors.lifetime_seconds?.message}
        >
          {({ id }) => <Select id={id} value={lifetime} onChange={(value) => setValue('lifetime_seconds', value)} options={offered} />}
        </Field>
        <Disclosure
          label="Limits"
          note={limitCount > 0 ? `${plural(limitCount, 'limit')} set` : 'None: all that its role allows'}
          open={showLimits}
          onToggle={setShowLimits}
        >
          <LimitsFields workspaceId={workspace.id} form={form} />
        </Disclosure>
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
