import { useForm } from 'react-hook-form'
import { showProblem } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { graces, graceStarts } from './grace.ts'

type Grace = { seconds: number; from: 'now' | 'first_use' }

type RotateDialogProps = {
  open: boolean
  onClose: () => void
  title: string
  description: string
  /** What is rotated, as `key` or `secret`. */
  what: string
  run: (grace: Grace) => Promise<void>
}

/** Asks when the old one ends, and replaces it. */
export default function RotateDialog({ open, onClose, title, description, what, run }: RotateDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title} description={description}>
      <RotateForm onClose={onClose} what={what} run={run} />
    </Dialog>
  )
}

function RotateForm({ onClose, what, run }: Pick<RotateDialogProps, 'onClose' | 'what' | 'run'>) {
  const { handleSubmit, setError, setValue, watch, formState } = useForm({
    defaultValues: { seconds: '86400', from: 'now' as Grace['from'] },
  })
  const { seconds, from } = watch()
  const submit = handleSubmit(async (grace) => {
    try {
      await run({ seconds: Number(grace.seconds), from: grace.from })
    } catch (error) {
      showProblem(error, setError, [])
    }
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{formState.errors.root?.message}</FormError>
        <Field label={`The old ${what} ends`}>
          {({ id }) => <Select id={id} value={seconds} options={graces} onChange={(value) => setValue('seconds', value)} />}
        </Field>
        <Field label="Counted from" hint={consequenceOf(what, seconds, from)}>
          {({ id }) => (
            <Select
              id={id}
              value={from}
              options={graceStarts}
              onChange={(value) => setValue('from', value === 'first_use' ? value : 'now')}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={formState.isSubmitting}>
          Rotate {what}
        </Button>
      </DialogFoot>
    </form>
  )
}

function consequenceOf(what: string, seconds: string, from: Grace['from']): string {
  if (from === 'first_use') return `Until the new ${what} is used, the old one goes on as before.`
  return seconds === '0' ? `Whatever uses the old ${what} is refused from the next request on.` : `Until then both work.`
}
