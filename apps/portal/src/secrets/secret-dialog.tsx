import type { ListedSecret, SecretCategory, Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { describeProblem, showProblem } from '../api/problem.ts'
import { heedSeal } from '../api/sealed.ts'
import { addressOf, hasSecret, refreshSecrets, secretTagQuery, tellMismatch } from '../api/secrets.ts'
import { environmentsQuery } from '../api/workspaces.ts'
import { graces, graceStarts } from '../keys/grace.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input, TextArea } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast-store.ts'
import { categories } from './categories.ts'
import { EnvironmentSelect } from './environment-select.tsx'
import { placeName } from './places.ts'
import { fromReminder, reminderOptions, toReminder } from './reminders.ts'

type SecretDialogProps = {
  open: boolean
  workspace: Workspace
  /** What is changed; undefined to make one. */
  secret: ListedSecret | undefined
  /** What a new one begins with. */
  start: { key?: string | undefined; environment: string | null }
  onClose: () => void
}

export default function SecretDialog({ open, workspace, secret, start, onClose }: SecretDialogProps) {
  const tag = useQuery({ ...secretTagQuery(workspace.id, secret ?? { key: '', environment: null }), enabled: open && secret !== undefined })
  const { data: environments = [] } = useQuery(environmentsQuery(workspace.id))
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={secret ? `Edit ${secret.key}` : start.key ? `Override ${start.key}` : 'New secret'}
      description={
        secret
          ? `Of ${placeName(secret.environment, environments)}. The value stays as it is unless you enter a new one.`
          : 'The value is sealed, and shown only to those who may reveal it.'
      }
    >
      {secret && tag.isPending ? (
        <Skeleton className="m-5 h-96" />
      ) : tag.error ? (
        <div className="p-5">
          <FormError>{describeProblem(tag.error)}</FormError>
        </div>
      ) : (
        <SecretForm workspace={workspace} secret={secret} tag={tag.data ?? undefined} start={start} onClose={onClose} />
      )}
    </Dialog>
  )
}

type SecretFormProps = Omit<SecretDialogProps, 'open'> & { tag: string | undefined }

function SecretForm({ workspace, secret, tag, start, onClose }: SecretFormProps) {
  // What is read anew while somebody types must not pass for what they saw.
  const [ifMatch] = useState(tag)
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm({
    defaultValues: {
      key: secret?.key ?? start.key ?? '',
      environment: secret ? secret.environment : start.environment,
      value: '',
      category: secret?.category ?? ('custom'),
      description: secret?.description ?? '',
      rotate_every_days: fromReminder(secret?.rotate_every_days ?? null),
      previous_valid_seconds: '0',
      previous_until: 'now',
    },
  })
  const { errors, isSubmitting } = formState
  const { environment, value, category, rotate_every_days: reminder, previous_valid_seconds: grace, previous_until: from } = watch()

  const submit = handleSubmit(async (form) => {
    const place = { key: form.key.trim(), environment: form.environment }
    const overlaps = secret && form.value && (form.previous_valid_seconds !== '0' || form.previous_until === 'first_use')
    const change = {
      ...(form.value && { value: form.value }),
      category: form.category,
      description: form.description.trim(),
      rotate_every_days: toReminder(form.rotate_every_days),
      ...(overlaps && { previous_valid_seconds: Math.max(1, Number(form.previous_valid_seconds)) }),
      ...(overlaps && form.previous_until === 'first_use' && { previous_until: 'first_use' as const }),
    }
    try {
      if (!secret && (await hasSecret(workspace.id, place))) {
        setError('key', { message: 'There is a secret of this key already. Edit that one.' }, { shouldFocus: true })
        return
      }
      await heedSeal(() => client.putSecret({ ...addressOf(workspace.id, place), ...change }, { ifMatch }))
    } catch (error) {
      const fields = ['value', 'category', 'description', 'rotate_every_days', 'previous_valid_seconds'] as const
      return showProblem(tellMismatch(error, 'secret'), setError, fields)
    }
    showToast({ title: secret ? `${place.key} is changed` : `${place.key} is stored` })
    await refreshSecrets(workspace.id)
    onClose()
  })

  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        {!secret && (
          <>
            <Field label="Key" hint="The name of an environment variable, such as `DATABASE_URL`." error={errors.key?.message}>
              {(control) => (
                <Input
                  {...control}
                  autoFocus={!start.key}
                  readOnly={Boolean(start.key)}
                  maxLength={128}
                  autoComplete="off"
                  autoCapitalize="off"
                  spellCheck={false}
                  className="font-mono text-sm!"
                  {...register('key', { validate: faultOfKey })}
                />
              )}
            </Field>
            <Field label="Environment" hint={environmentHint(environment)}>
              {({ id }) => (
                <EnvironmentSelect
                  id={id}
                  workspaceId={workspace.id}
                  value={environment}
                  onChange={(slug) => setValue('environment', slug)}
                />
              )}
            </Field>
          </>
        )}
        <Field label={secret ? 'New value' : 'Value'} optional={secret !== undefined} hint={valueHint(value)} error={errors.value?.message}>
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              autoFocus={secret !== undefined || Boolean(start.key)}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              data-1p-ignore
              className="font-mono text-sm!"
              {...register('value', { validate: (text) => faultOfValue(text, secret === undefined) })}
            />
          )}
        </Field>
        {secret && value !== '' && (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="The value before ends" hint={overlapHint(grace, from)} error={errors.previous_valid_seconds?.message}>
              {({ id }) => (
                <Select id={id} value={grace} options={graces} onChange={(seconds) => setValue('previous_valid_seconds', seconds)} />
              )}
            </Field>
            <Field label="Counted from">
              {({ id }) => <Select id={id} value={from} options={graceStarts} onChange={(start) => setValue('previous_until', start)} />}
            </Field>
          </div>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Category" error={errors.category?.message}>
            {({ id }) => (
              <Select
                id={id}
                value={category}
                options={categories}
                onChange={(next) => setValue('category', categories.find((known) => known.value === next)?.value ?? 'custom')}
              />
            )}
          </Field>
          <Field label="Remind to rotate" error={errors.rotate_every_days?.message}>
            {({ id }) => (
              <Select
                id={id}
                value={reminder}
                options={reminderOptions(secret?.rotate_every_days ?? null)}
                onChange={(days) => setValue('rotate_every_days', days)}
              />
            )}
          </Field>
        </div>
        <Field label="Description" optional error={errors.description?.message}>
          {(control) => <TextArea {...control} maxLength={200} {...register('description')} />}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          {secret ? 'Save' : 'Store secret'}
        </Button>
      </DialogFoot>
    </form>
  )
}

// As the contract has them, which as a whole is too large to be sent to a browser.
const keyPattern = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/
const maxSecretBytes = 65_536

const faultOfKey = (key: string): true | string =>
  keyPattern.test(key.trim()) || 'Use letters, digits and underscores, and do not begin with a digit.'

function faultOfValue(value: string, isNeeded: boolean): true | string {
  if (isNeeded && value === '') return 'Enter the value.'
  return new TextEncoder().encode(value).length <= maxSecretBytes || 'It may have at most 64 KiB. Store what is longer as a file.'
}

const environmentHint = (slug: string | null) =>
  slug === null ? 'Every environment sees it that has no value of its own.' : 'It goes before a shared value of the same key.'

const valueHint = (value: string): string | undefined =>
  /^\s|\s$/.test(value) ? 'It begins or ends with a space or a line break, which is kept.' : undefined

function overlapHint(seconds: string, from: string): string {
  if (from === 'first_use') return 'Until the new value is first read, the one before goes on.'
  return seconds === '0' ? 'Programs get only the new value.' : 'Until then programs may take both.'
}
