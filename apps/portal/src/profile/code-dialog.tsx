import { useForm } from 'react-hook-form'
import { faultOf, showProblem } from '../api/problem.ts'
import { CodeField, codeRules } from '../sign-in/code-field.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { FormError } from '../ui/field.tsx'

export const wrongCode = 'The code is wrong or was used before. Wait for the next one.'

type CodeDialogProps = {
  open: boolean
  onClose: () => void
  title: string
  /** What will happen. */
  consequence: string
  confirm: string
  danger?: boolean
  run: (code: string) => Promise<unknown>
}

/** Asks for a code of the second factor, and does with it what takes one. */
export default function CodeDialog({ open, onClose, title, consequence, ...form }: CodeDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title} description={consequence}>
      <CodeForm onClose={onClose} {...form} />
    </Dialog>
  )
}

function CodeForm({ onClose, confirm, danger = false, run }: Omit<CodeDialogProps, 'open' | 'title' | 'consequence'>) {
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { code: '' } })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async ({ code }) => {
    try {
      await run(code.trim())
    } catch (error) {
      if (faultOf(error, '/body/code')) return setError('code', { message: wrongCode }, { shouldFocus: true })
      showProblem(error, setError, ['code'])
    }
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <CodeField autoFocus error={errors.code?.message} {...register('code', codeRules)} />
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant={danger ? 'danger' : 'primary'} loading={isSubmitting}>
          {confirm}
        </Button>
      </DialogFoot>
    </form>
  )
}
