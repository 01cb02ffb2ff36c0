import type { Collection, Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { describeProblem, isProblem, mapFaults, showProblem } from '../api/problem.ts'
import { heedSeal } from '../api/sealed.ts'
import { type Place, recordQuery, refreshVault, type TaggedRecord } from '../api/vault.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, TextArea } from '../ui/field.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast-store.ts'
import { refusalOf } from '../workspace/refusals.ts'
import { takesOthers, type VaultField } from './fields.ts'
import { formPointer, fromForm, nameOf, othersName, toForm } from './record-form.ts'
import { RecordInput } from './record-input.tsx'

const RevealDialog = lazy(() => import('./reveal-dialog.tsx'))

type RecordDialogProps = {
  open: boolean
  workspace: Workspace
  collection: Collection
  fields: readonly VaultField[]
  /** The record that is shown; undefined to make one. */
  recordId: string | undefined
  onClose: () => void
}

/** A record as a form that its collection's schema makes. Who may not write reads it here. */
export default function RecordDialog({ open, workspace, collection, fields, recordId, onClose }: RecordDialogProps) {
  const place = { workspaceId: workspace.id, collection: collection.name }
  const [revealed, setRevealed] = useState<string>()
  const [reading, setReading] = useState(0)
  const query = useQuery({ ...recordQuery(place, recordId ?? ''), enabled: open && recordId !== undefined })
  const reload = async () => {
    await query.refetch()
    setReading(reading + 1)
  }
  return (
    <>
      <Dialog
        open={open}
        onClose={onClose}
        className="max-w-[560px]!"
        title={recordId ? `Record of ${collection.name}` : `New record of ${collection.name}`}
        description={recordId && <CopyButton value={recordId} text={recordId} label="Copy record ID" />}
      >
        {recordId && query.isPending ? (
          <Skeleton className="m-5 h-72" />
        ) : recordId && !query.data ? (
          <div className="p-5">
            <FormError>{describeProblem(query.error)}</FormError>
          </div>
        ) : (
          <RecordForm
            key={reading}
            workspace={workspace}
            collection={collection}
            place={place}
            fields={fields}
            record={recordId ? query.data : undefined}
            onReveal={setRevealed}
            onReload={reload}
            onClose={onClose}
          />
        )}
      </Dialog>
      <Suspense fallback={null}>
        {open && recordId && revealed && (
          <RevealDialog
            workspace={workspace}
            collection={collection}
            recordId={recordId}
            field={revealed}
            onClose={() => setRevealed(undefined)}
          />
        )}
      </Suspense>
    </>
  )
}

type RecordFormProps = Omit<RecordDialogProps, 'open' | 'recordId'> & {
  place: Place
  record: TaggedRecord | undefined
  onReveal: (field: string) => void
  onReload: () => Promise<void>
}

function RecordForm({ workspace, collection, place, fields, record, onReveal, onReload, onClose }: RecordFormProps) {
  // What is read anew while somebody types must not pass for what they saw.
  const [before] = useState(record)
  const [isStale, setStale] = useState(false)
  const refusal = refusalOf(workspace, 'write')
  const form = useForm({ defaultValues: toForm(fields, before?.data ?? {}) })
  const { register, handleSubmit, setError, formState } = form
  const hasOthers = takesOthers(collection.schema) || form.getValues(othersName) !== ''

  const submit = handleSubmit(async (values) => {
    const { data, faults } = fromForm(fields, before?.data ?? {}, values)
    for (const [index, { name, message }] of faults.entries()) setError(name, { message }, { shouldFocus: index === 0 })
    if (faults.length > 0) return
    const address = { workspace_id: place.workspaceId, collection: place.collection }
    setStale(false)
    try {
      await heedSeal(() =>
        before
          ? client.putRecord({ ...address, record_id: before.id, data }, { ifMatch: before.etag })
          : client.createRecord({ ...address, data }),
      )
    } catch (error) {
      if (isProblem(error, 'version_mismatch')) return setStale(true)
      const placed = mapFaults(error, (all) => all.map((fault) => ({ ...fault, pointer: formPointer(fields, fault.pointer) })))
      return showProblem(placed, setError, [...fields.map((_, index) => nameOf(index)), othersName])
    }
    showToast({ title: before ? 'The record is changed' : 'The record is stored' })
    await refreshVault(workspace.id)
    onClose()
  })

  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        {isStale && (
          <FormError>
            <>
              Somebody changed this record since you opened it. Reload it to see what it is now; what you typed here is lost then.{' '}
              <Button size="sm" className="mt-2 text-fg" onClick={() => void onReload()}>
                Reload the record
              </Button>
            </>
          </FormError>
        )}
        <FormError>{formState.errors.root?.message}</FormError>
        {fields.map((field, index) => (
          <RecordInput
            key={field.path}
            workspace={workspace}
            field={field}
            name={nameOf(index)}
            form={form}
            isNew={before === undefined}
            readOnly={refusal !== undefined}
            onReveal={() => onReveal(field.path)}
          />
        ))}
        {hasOthers && (
          <Field
            label={fields.length > 0 ? 'Other fields' : 'Record'}
            optional
            hint="What the schema does not name, as a JSON object."
            error={formState.errors[othersName]?.message}
          >
            {(control) => (
              <TextArea
                {...control}
                rows={fields.length > 0 ? 2 : 8}
                readOnly={refusal !== undefined}
                spellCheck={false}
                className="font-mono text-xs!"
                {...register(othersName)}
              />
            )}
          </Field>
        )}
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>{refusal ? 'Close' : 'Cancel'}</Button>
        <Button type="submit" variant="primary" reason={refusal} loading={formState.isSubmitting}>
          {before ? 'Save' : 'Store record'}
        </Button>
      </DialogFoot>
    </form>
  )
}
