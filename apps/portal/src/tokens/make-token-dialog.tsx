import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { tenantsKey } from '../api/programs.ts'
import { queryClient } from '../api/query-client.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { RadioCards } from '../ui/radio-cards.tsx'
import { Select } from '../ui/select.tsx'

const lifetimes = [
  { value: '900', label: '15 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '28800', label: '8 hours' },
  { value: '86400', label: '1 day' },
]
const roles = [
  { value: 'view', label: 'View', description: 'Reads, of a tenant its own data alone.' },
  { value: 'admin', label: 'Admin', description: 'Changes too, within the same bounds.' },
] as const

export type MadeToken = { token: string; of: string }
type MakeTokenDialogProps = { open: boolean; workspaceId: string; onClose: () => void; onMade: (made: MadeToken) => void }

export default function MakeTokenDialog({ open, workspaceId, onClose, onMade }: MakeTokenDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Make a token" description="For trying things out. Your back end makes its own.">
      <MakeTokenForm workspaceId={workspaceId} onClose={onClose} onMade={onMade} />
    </Dialog>
  )
}

function MakeTokenForm({ workspaceId, onClose, onMade }: Omit<MakeTokenDialogProps, 'open'>) {
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm({
    defaultValues: { tenantKey: '', name: '', role: 'view' as 'view' | 'admin', lifetimeSeconds: '3600' },
  })
  const { errors, isSubmitting } = formState
  const hasTenant = watch('tenantKey').trim() !== ''
  const submit = handleSubmit(async ({ tenantKey, name, role, lifetimeSeconds }) => {
    const key = tenantKey.trim()
    const tenant = key ? { tenantKey: key, name: name.trim() || undefined } : {}
    const wanted = { ...tenant, isAdmin: role === 'admin', lifetimeSeconds: Number(lifetimeSeconds) }
    try {
      const { token } = await client.createAccessToken({ workspace_id: workspaceId, ...wanted })
      void queryClient.invalidateQueries({ queryKey: tenantsKey(workspaceId) })
      onMade({ token, of: key ? `the tenant ${key}` : 'the workspace' })
    } catch (error) {
      showProblem(error, setError, ['tenantKey', 'name', 'lifetimeSeconds'])
    }
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <Field
          label="Tenant key"
          optional
          hint="What your back end calls the tenant. Without it the token is the workspace’s. A tenant appears when it is first named."
          error={errors.tenantKey?.message}
        >
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={200}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono text-sm!"
              {...register('tenantKey', {
                validate: (key) => /^[\x21-\x7e]*$/.test(key.trim()) || 'Use letters, digits and signs of ASCII, without spaces.',
              })}
            />
          )}
        </Field>
        <Field
          label="Tenant name"
          optional
          hint={hasTenant ? 'How lists show it. Empty leaves it as it is.' : 'Enter a tenant key first.'}
          error={errors.name?.message}
        >
          {(control) => <Input {...control} maxLength={200} autoComplete="off" readOnly={!hasTenant} {...register('name')} />}
        </Field>
        <RadioCards legend="Role" value={watch('role')} onChange={(role) => setValue('role', role)} cards={roles} />
        <Field label="Lifetime" error={errors.lifetimeSeconds?.message}>
          {({ id }) => (
            <Select id={id} value={watch('lifetimeSeconds')} options={lifetimes} onChange={(value) => setValue('lifetimeSeconds', value)} />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Make token
        </Button>
      </DialogFoot>
    </form>
  )
}
