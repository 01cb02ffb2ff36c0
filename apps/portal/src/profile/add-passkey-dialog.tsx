import { useForm } from 'react-hook-form'
import { faultOf } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { passkeysQuery } from '../api/sign-in.ts'
import { addPasskey, describePasskeyFault } from '../sign-in/passkey.ts'
import { asSentence } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast-store.ts'
import { describeBrowser } from './browser.ts'

type AddPasskeyDialogProps = { open: boolean; onClose: () => void }

export default function AddPasskeyDialog({ open, onClose }: AddPasskeyDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Add a passkey"
      description="The browser asks for your fingerprint, face or PIN, or for a security key, and keeps the passkey there."
    >
      <AddPasskeyForm onClose={onClose} />
    </Dialog>
  )
}

function AddPasskeyForm({ onClose }: Omit<AddPasskeyDialogProps, 'open'>) {
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { name: describeBrowser(navigator.userAgent) } })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async ({ name }) => {
    try {
      await addPasskey(name.trim())
    } catch (error) {
      const unfit = faultOf(error, '/body/name')
      return unfit
        ? setError('name', { message: asSentence(unfit) }, { shouldFocus: true })
        : setError('root', { message: describePasskeyFault(error) })
    }
    showToast({ title: 'Passkey added', description: 'Sign in with it next time: it is a second factor too.' })
    await queryClient.invalidateQueries({ queryKey: passkeysQuery.queryKey })
    onClose()
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <Field label="Name" hint="Where it is kept, so that you can tell it from others." error={errors.name?.message}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={64}
              autoComplete="off"
              {...register('name', { validate: (name) => name.trim() !== '' || 'Give the passkey a name.' })}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Add passkey
        </Button>
      </DialogFoot>
    </form>
  )
}
