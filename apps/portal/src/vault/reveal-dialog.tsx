import type { Collection, Workspace } from '@freehold/contract'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { heedSeal } from '../api/sealed.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { SecretReveal } from '../ui/secret-reveal.tsx'
import { Select } from '../ui/select.tsx'

type RevealDialogProps = {
  workspace: Workspace
  collection: Pick<Collection, 'name' | 'sensitive_fields'>
  recordId: string
  /** The field that was asked for; otherwise one is chosen. */
  field?: string | undefined
  onClose: () => void
}

type Shown = { field: string; value: string | undefined }

/** Asks for a reason, then shows one value for half a minute. The value stands in this component's state and nowhere else. */
export default function RevealDialog({ onClose, ...asked }: RevealDialogProps) {
  const [shown, setShown] = useState<Shown>()
  if (shown?.value !== undefined) {
    return (
      <SecretReveal
        secret={shown.value}
        title={shown.field}
        hidesAfterSeconds={30}
        storage="You can reveal it again; the changelog tells each time."
        onDone={onClose}
      />
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Reveal a sensitive field"
      description="The changelog records that you read it, and why, before you see it. The value hides after 30 seconds."
    >
      {shown ? (
        <>
          <DialogBody>
            <p role="status" className="text-fg-2">
              This record has no value in <code className="font-mono text-sm">{shown.field}</code>.
            </p>
          </DialogBody>
          <DialogFoot>
            <Button onClick={onClose}>Close</Button>
          </DialogFoot>
        </>
      ) : (
        <RevealForm {...asked} onClose={onClose} onRevealed={setShown} />
      )}
    </Dialog>
  )
}

type RevealFormProps = RevealDialogProps & { onRevealed: (shown: Shown) => void }

function RevealForm({ workspace, collection, recordId, field: asked, onClose, onRevealed }: RevealFormProps) {
  const [field, setField] = useState(asked ?? collection.sensitive_fields[0] ?? '')
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { reason: '' } })
  const submit = handleSubmit(async ({ reason }) => {
    try {
      const input = { workspace_id: workspace.id, collection: collection.name, record_id: recordId, fields: [field], reason: reason.trim() }
      const { values } = await heedSeal(() => client.revealRecord(input))
      const value = values[field]
      onRevealed({ field, value: typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined })
    } catch (error) {
      showProblem(error, setError, ['reason'])
    }
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{formState.errors.root?.message}</FormError>
        <Field label="Field">
          {({ id }) =>
            asked || collection.sensitive_fields.length === 1 ? (
              <Input id={id} readOnly value={field} className="font-mono text-sm!" />
            ) : (
              <Select
                id={id}
                value={field}
                onChange={setField}
                options={collection.sensitive_fields.map((path) => ({ value: path, label: path }))}
              />
            )
          }
        </Field>
        <Field label="Reason" hint="Such as the number of a case. It is kept with the event." error={formState.errors.reason?.message}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={500}
              autoComplete="off"
              {...register('reason', { validate: (text) => text.trim().length >= 3 || 'Say why, in three letters or more.' })}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={formState.isSubmitting}>
          Reveal value
        </Button>
      </DialogFoot>
    </form>
  )
}
