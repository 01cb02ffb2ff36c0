import { type ReactNode, useState } from 'react'
import { describeProblem } from '../api/problem.ts'
import { Button } from './button.tsx'
import { Dialog, DialogBody, DialogFoot } from './dialog.tsx'
import { FormError } from './field.tsx'

type ConfirmDialogProps = {
  open: boolean
  onClose: () => void
  title: ReactNode
  /** What will happen. */
  consequence: ReactNode
  confirm: string
  danger?: boolean
  children?: ReactNode
  run: () => Promise<unknown>
}

/** Asks once, runs, closes; a failure stays in the dialog. */
export function ConfirmDialog({ open, onClose, title, consequence, confirm, danger = false, children, run }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()

  const submit = async () => {
    setBusy(true)
    setFault(undefined)
    try {
      await run()
      onClose()
    } catch (error) {
      setFault(describeProblem(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog open={open} onClose={onClose} title={title} description={consequence}>
      {(children || fault) && (
        <DialogBody>
          {children}
          <FormError>{fault}</FormError>
        </DialogBody>
      )}
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant={danger ? 'danger' : 'primary'} loading={busy} onClick={submit}>
          {confirm}
        </Button>
      </DialogFoot>
    </Dialog>
  )
}
