import type { Tenant } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { tenantsKey } from '../api/programs.ts'
import { queryClient } from '../api/query-client.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast-store.ts'

type DeleteTenantDialogProps = { open: boolean; workspaceId: string; tenant: Tenant; onClose: () => void }

export default function DeleteTenantDialog({ open, workspaceId, tenant, onClose }: DeleteTenantDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title={`Delete ${tenant.name}?`} description="This cannot be undone. What will be lost:">
      <DeleteTenantForm workspaceId={workspaceId} tenant={tenant} onClose={onClose} />
    </Dialog>
  )
}

function DeleteTenantForm({ workspaceId, tenant, onClose }: Omit<DeleteTenantDialogProps, 'open'>) {
  const { register, handleSubmit, setError, watch, formState } = useForm({ defaultValues: { key: '' } })
  const submit = handleSubmit(async () => {
    try {
      await client.deleteTenant({ workspace_id: workspaceId, tenant_key: tenant.key })
    } catch (error) {
      return showProblem(error, setError, [])
    }
    showToast({ title: `${tenant.name} is deleted` })
    await queryClient.invalidateQueries({ queryKey: tenantsKey(workspaceId) })
    onClose()
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <ul className="list-disc ps-5 text-pretty text-fg-2">
          <li>its sessions, and all other data that is its own</li>
          <li>its name and its fields</li>
        </ul>
        <p className="text-pretty text-fg-2">
          A token that names it later makes a new, empty tenant. To refuse its tokens, disable it instead.
        </p>
        <FormError>{formState.errors.root?.message}</FormError>
        <Field label={<>Type {tenant.key} to confirm</>} error={formState.errors.key?.message}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono text-sm!"
              {...register('key', { validate: (text) => text.trim() === tenant.key || `Type ${tenant.key}.` })}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="danger" loading={formState.isSubmitting} disabled={watch('key').trim() !== tenant.key}>
          Delete tenant
        </Button>
      </DialogFoot>
    </form>
  )
}
