import type { InvitationSent } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { showProblem } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { EmailField, someEmail } from '../ui/email-field.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { RadioCards } from '../ui/radio-cards.tsx'
import { Select } from '../ui/select.tsx'
import type { Place } from './place.ts'

type InviteDialogProps = { open: boolean; place: Place; onClose: () => void; onSent: (sent: InvitationSent) => void }

export default function InviteDialog({ open, place, onClose, onSent }: InviteDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title={`Invite to ${place.name}`} description="By a link that only the invited person can use.">
      <InviteForm place={place} onClose={onClose} onSent={onSent} />
    </Dialog>
  )
}

const day = 86_400
const lifetimes = [1, 3, 7, 30].map((days) => ({ value: String(days * day), label: days === 1 ? '1 day' : `${days} days` }))

function InviteForm({ place, onClose, onSent }: Omit<InviteDialogProps, 'open'>) {
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm({
    defaultValues: { email: '', role: place.roles[0]!.value, lifetime_seconds: String(7 * day) },
  })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async ({ email, role, lifetime_seconds }) => {
    try {
      onSent(await place.create({ email: email.trim(), role, lifetime_seconds: Number(lifetime_seconds) }))
    } catch (error) {
      showProblem(error, setError, ['email', 'role', 'lifetime_seconds'])
    }
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <EmailField error={errors.email?.message} registration={register('email', someEmail)} />
        <RadioCards legend="Role" value={watch('role')} onChange={(role) => setValue('role', role)} cards={place.roles} />
        <Field label="The link works for" error={errors.lifetime_seconds?.message}>
          {({ id }) => (
            <Select
              id={id}
              value={watch('lifetime_seconds')}
              options={lifetimes}
              onChange={(value) => setValue('lifetime_seconds', value)}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Invite
        </Button>
      </DialogFoot>
    </form>
  )
}
