import type { OrgWorkspace } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { mapFaults, showProblem } from '../api/problem.ts'
import { changeOrgWorkspace, type LoadedOrgWorkspace } from '../api/programs.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input, TextArea } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { showToast } from '../ui/toast-store.ts'

type PublicKey = OrgWorkspace['publicKeys'][number]

// Named again because the contract's own list would bring its schemas into the bundle; the type keeps the two equal.
const algorithms: Record<PublicKey['algorithm'], string> = {
  ES256: 'ES256 (EC, P-256)',
  ES384: 'ES384 (EC, P-384)',
  ES512: 'ES512 (EC, P-521)',
  RS256: 'RS256 (RSA)',
  RS384: 'RS384 (RSA)',
  RS512: 'RS512 (RSA)',
  PS256: 'PS256 (RSA)',
  PS384: 'PS384 (RSA)',
  PS512: 'PS512 (RSA)',
}
const options = Object.entries(algorithms).map(([value, label]) => ({ value, label }))

type AddPublicKeyDialogProps = { open: boolean; org: LoadedOrgWorkspace; onClose: () => void }

export default function AddPublicKeyDialog({ open, org, onClose }: AddPublicKeyDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Add public signing key"
      description="Tokens that name it by its key id, and are signed with its private half, are taken from the next request on."
    >
      <AddPublicKeyForm org={org} onClose={onClose} />
    </Dialog>
  )
}

function AddPublicKeyForm({ org, onClose }: Omit<AddPublicKeyDialogProps, 'open'>) {
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm<PublicKey>({
    defaultValues: { kid: '', algorithm: 'ES256', key: '' },
  })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async ({ kid, algorithm, key }) => {
    const added = { kid: kid.trim(), algorithm, key: key.trim() }
    try {
      await changeOrgWorkspace(org, { publicKeys: [...org.publicKeys, added] })
    } catch (error) {
      // The API says which key of the whole list; here it is the last.
      const here = `/body/publicKeys/${org.publicKeys.length}/`
      const moved = mapFaults(error, (faults) =>
        faults.map(({ pointer, message }) => ({
          pointer: pointer.startsWith(here) ? `/body/${pointer.slice(here.length)}` : pointer,
          message,
        })),
      )
      return showProblem(moved, setError, ['kid', 'algorithm', 'key'])
    }
    showToast({ title: `The key ${added.kid} is added` })
    onClose()
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <Field label="Key id" hint="The kid in the header of your tokens." error={errors.kid?.message}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-sm!"
              {...register('kid', { validate: (kid) => kid.trim() !== '' || 'Enter the key id.' })}
            />
          )}
        </Field>
        <Field label="Algorithm" hint="The only one that this key verifies." error={errors.algorithm?.message}>
          {({ id }) => (
            <Select
              id={id}
              value={watch('algorithm')}
              options={options}
              onChange={(value) => setValue('algorithm', value as PublicKey['algorithm'])}
            />
          )}
        </Field>
        <Field label="Public key" hint="In PEM, from -----BEGIN PUBLIC KEY----- to its end." error={errors.key?.message}>
          {(control) => (
            <TextArea
              {...control}
              rows={6}
              maxLength={10_000}
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-xs!"
              {...register('key', { validate: (key) => key.trim() !== '' || 'Paste the public key.' })}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Add key
        </Button>
      </DialogFoot>
    </form>
  )
}
