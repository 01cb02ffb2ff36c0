import type { Workspace } from '@freehold/contract'
import { Eye, PencilLine, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { UseFormReturn } from 'react-hook-form'
import { Button } from '../ui/button.tsx'
import { Field, type FieldControl, Input, TextArea } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import type { VaultField } from './fields.ts'
import { vaultMask } from './mask.ts'
import type { FormValues } from './record-form.ts'

type RecordInputProps = {
  workspace: Workspace
  field: VaultField
  name: string
  form: UseFormReturn<FormValues>
  isNew: boolean
  readOnly: boolean
  onReveal: () => void
}

/** The control that fits a field: a choice, a date, a number, text, or JSON for what is nested. */
export function RecordInput({ field, name, form, isNew, readOnly, workspace, onReveal }: RecordInputProps) {
  const [isMasked, setMasked] = useState(form.getValues(name) === vaultMask)
  const error = form.formState.errors[name]?.message
  if (isMasked) {
    return (
      <Field label={<Label field={field} />} hint="Encrypted. It keeps its value unless you replace it." error={error}>
        {(control) => (
          <div className="flex flex-wrap items-center gap-2">
            <Input {...control} readOnly className="min-w-0 flex-1" {...form.register(name)} />
            <Button aria-label={`Reveal ${field.path}`} reason={refusalOf(workspace, 'reveal', { whileFrozen: true })} onClick={onReveal}>
              <Eye aria-hidden className="size-3.5" />
              Reveal
            </Button>
            {!readOnly && (
              <Button
                aria-label={`Replace ${field.path}`}
                onClick={() => {
                  form.setValue(name, '')
                  setMasked(false)
                }}
              >
                <PencilLine aria-hidden className="size-3.5" />
                Replace
              </Button>
            )}
          </div>
        )}
      </Field>
    )
  }
  const isReplaced = !isNew && form.formState.defaultValues?.[name] === vaultMask
  return (
    <Field
      label={<Label field={field} />}
      optional={!field.isRequired}
      hint={isReplaced ? 'Leave it empty to remove the value.' : (field.hint ?? hintOf(field))}
      error={error}
    >
      {(control) => (
        <div className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <Control field={field} name={name} form={form} readOnly={readOnly} control={control} />
          </div>
          {isReplaced && (
            <Button
              square
              aria-label={`Keep ${field.path} as it is`}
              onClick={() => {
                form.setValue(name, vaultMask)
                setMasked(true)
              }}
            >
              <Undo2 aria-hidden className="size-3.5" />
            </Button>
          )}
        </div>
      )}
    </Field>
  )
}

function Label({ field: { title, sensitive } }: { field: VaultField }) {
  return (
    <>
      {title}
      {sensitive && <span className="font-normal text-fg-3"> · sensitive</span>}
    </>
  )
}

const hintOf = ({ kind }: VaultField): string | undefined => (kind === 'json' ? 'As JSON.' : undefined)

type ControlProps = Pick<RecordInputProps, 'field' | 'name' | 'form' | 'readOnly'> & { control: FieldControl }

function Control({ field, name, form, readOnly, control }: ControlProps) {
  const { register, setValue, watch } = form
  const registered = register(name)
  const text = watch(name) ?? ''
  if (field.kind === 'boolean' || field.kind === 'enum') {
    const options = field.kind === 'boolean' ? ['true', 'false'] : field.options.map(String)
    return (
      <Select
        id={control.id}
        value={text}
        disabled={readOnly}
        onChange={(value) => setValue(name, value)}
        options={[{ value: '', label: 'Not set' }, ...options.map((option) => ({ value: option, label: option }))]}
      />
    )
  }
  const common = { ...control, readOnly, autoComplete: 'off', ...registered }
  if (field.kind === 'json') return <TextArea {...common} rows={3} spellCheck={false} className="font-mono text-xs!" />
  if (field.kind === 'long' || text.includes('\n')) return <TextArea {...common} rows={3} />
  return (
    <Input
      {...common}
      type={field.kind === 'number' ? 'number' : field.kind === 'date' ? 'date' : 'text'}
      step={field.kind === 'number' ? 'any' : undefined}
      data-1p-ignore={field.sensitive ? true : undefined}
    />
  )
}
