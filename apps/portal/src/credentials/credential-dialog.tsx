import type { Credential, CredentialTypeDescription, NewCredential, Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { credentialTagQuery, refreshCredentials } from '../api/credentials.ts'
import { describeProblem, mapFaults, showProblem } from '../api/problem.ts'
import { heedSeal } from '../api/sealed.ts'
import { tellMismatch } from '../api/secrets.ts'
import { EnvironmentSelect } from '../secrets/environment-select.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast-store.ts'
import { type CredentialForm, TypeFieldInput } from './type-field.tsx'
import { changesOf, movedFields, startOf, toValue, typedSecrets } from './type-fields.ts'

type CredentialDialogProps = {
  open: boolean
  workspace: Workspace
  types: readonly CredentialTypeDescription[]
  /** What is changed; undefined to add one. */
  credential: Credential | undefined
  onClose: () => void
}

export default function CredentialDialog({ open, workspace, types, credential, onClose }: CredentialDialogProps) {
  const [picked, setPicked] = useState<CredentialTypeDescription>()
  const close = () => {
    setPicked(undefined)
    onClose()
  }
  const type = credential ? types.find((known) => known.type === credential.type) : picked
  return (
    <Dialog
      open={open}
      onClose={close}
      title={credential ? `Edit ${credential.name}` : type ? `Add ${type.label}` : 'Add a credential'}
      description={type ? 'Secrets are sealed, and never shown again but for a few characters.' : 'What should this workspace sign in to?'}
    >
      {!type ? (
        <TypePicker types={types} onPick={setPicked} />
      ) : credential ? (
        <EditCredential workspace={workspace} type={type} credential={credential} onClose={close} />
      ) : (
        <CredentialFields
          workspace={workspace}
          type={type}
          credential={undefined}
          tag={undefined}
          onBack={() => setPicked(undefined)}
          onClose={close}
        />
      )}
    </Dialog>
  )
}

type EditCredentialProps = Pick<CredentialFieldsProps, 'workspace' | 'type' | 'onClose'> & { credential: Credential }

/** Within the dialog, so that what it reads is read anew each time that the dialog opens. */
function EditCredential({ workspace, credential, ...rest }: EditCredentialProps) {
  const tag = useQuery(credentialTagQuery(workspace.id, credential.id))
  if (tag.isPending) return <Skeleton className="m-5 h-72" />
  if (tag.data !== undefined) {
    return <CredentialFields {...rest} workspace={workspace} credential={credential} tag={tag.data ?? undefined} onBack={undefined} />
  }
  return (
    <div className="p-5">
      <FormError>{describeProblem(tag.error)}</FormError>
    </div>
  )
}

function TypePicker({ types, onPick }: { types: readonly CredentialTypeDescription[]; onPick: (type: CredentialTypeDescription) => void }) {
  return (
    <ul aria-label="Types of credentials" className="grid gap-2 p-5 min-[400px]:grid-cols-2">
      {types.map((type) => (
        <li key={type.type} className="grid">
          <Button size="lg" className="justify-start! whitespace-normal!" onClick={() => onPick(type)}>
            {type.label}
          </Button>
        </li>
      ))}
    </ul>
  )
}

type CredentialFieldsProps = {
  workspace: Workspace
  type: CredentialTypeDescription
  credential: Credential | undefined
  tag: string | undefined
  onBack: (() => void) | undefined
  onClose: () => void
}

function CredentialFields({ workspace, type, credential, tag, onBack, onClose }: CredentialFieldsProps) {
  // What is read anew while somebody types must not pass for what they saw.
  const [before] = useState(credential)
  const [ifMatch] = useState(tag)
  const form: CredentialForm = useForm({
    defaultValues: { name: before?.name ?? '', environment: before?.environment ?? null, ...startOf(type, before) },
  })
  const { register, handleSubmit, setError, setValue, watch, formState } = form
  const { errors, isSubmitting } = formState
  const values = watch()
  const held = Object.values(before?.secrets ?? {}).some((mask) => mask !== null)
  const moved = before && held ? movedFields(type, before, values) : []

  const submit = handleSubmit(async (sent) => {
    const common = { name: sent.name.trim(), environment: sent.environment }
    const secrets = typedSecrets(sent)
    try {
      await heedSeal(async () => {
        if (before) {
          const change = { ...common, fields: changesOf(type, before, sent), ...(Object.keys(secrets).length > 0 && { secrets }) }
          await client.updateCredential({ workspace_id: workspace.id, credential_id: before.id, ...change }, { ifMatch })
        } else {
          const fields = type.fields.flatMap((field) => {
            const value = field.secret ? undefined : toValue(field, sent.fields[field.name])
            return value === undefined ? [] : [[field.name, value]]
          })
          const made = { ...common, type: type.type, fields: Object.fromEntries(fields), secrets } as NewCredential
          await client.createCredential({ workspace_id: workspace.id, ...made })
        }
      })
    } catch (error) {
      const paths = type.fields.map(({ name, secret }) => `${secret ? 'secrets' : 'fields'}.${name}` as const)
      return showProblem(tellMismatch(dotted(error), 'credential'), setError, ['name', 'environment', ...paths])
    }
    showToast({ title: before ? `${common.name} is changed` : `${common.name} is added` })
    await refreshCredentials(workspace.id)
    onClose()
  })

  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <Field label="Name" hint="How people and agents refer to it." error={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={64}
              autoComplete="off"
              {...register('name', { validate: (name) => name.trim() !== '' || 'Give the credential a name.' })}
            />
          )}
        </Field>
        {type.fields.map((field) => (
          <TypeFieldInput
            key={field.name}
            field={field}
            form={form}
            isNew={before === undefined}
            kept={field.secret && moved.length === 0 ? (before?.secrets[field.name] ?? null) : null}
          />
        ))}
        {moved.length > 0 && Object.keys(typedSecrets(values)).length === 0 && (
          <p role="alert" className="flex gap-2 rounded-sm bg-warn-soft px-3 py-2 text-sm text-pretty text-warn">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            Changing {listed(moved.map(({ label }) => label))} clears the stored secret, so that it is never sent to another place. Enter it
            again here, or the credential cannot be used until you do.
          </p>
        )}
        <Field label="Environment" error={errors.environment?.message}>
          {({ id }) => (
            <EnvironmentSelect
              id={id}
              workspaceId={workspace.id}
              value={values.environment}
              onChange={(slug) => setValue('environment', slug)}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        {onBack ? <Button onClick={onBack}>Back</Button> : <Button onClick={onClose}>Cancel</Button>}
        <Button type="submit" variant="primary" loading={isSubmitting}>
          {before ? 'Save' : 'Add credential'}
        </Button>
      </DialogFoot>
    </form>
  )
}

const listed = (labels: readonly string[]) => new Intl.ListFormat('en').format(labels)

/** Faults of `/body/fields/host`, as the form calls it: `fields.host`. */
const dotted = (error: unknown) =>
  mapFaults(error, (faults) =>
    faults.map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/body\/(fields|secrets)\//, '/body/$1.') })),
  )
