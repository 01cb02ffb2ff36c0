import type { UseFormReturn } from 'react-hook-form'
import { sentenceCase } from '../text/words.ts'
import { Field, Input, TextArea } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { Switch } from '../ui/switch.tsx'
import { toValue, type TypeField, type TypeForm } from './type-fields.ts'

type CredentialFormValues = TypeForm & { name: string; environment: string | null }
export type CredentialForm = UseFormReturn<CredentialFormValues>

type TypeFieldInputProps = {
  field: TypeField
  form: CredentialForm
  /** The mask of the secret that is kept when nothing is typed. */
  kept: string | null
  /** A stored credential may go without its secret for a while; a new one may not. */
  isNew: boolean
}

/** The input of one field of a type of credentials. */
export function TypeFieldInput({ field, form, kept, isNew }: TypeFieldInputProps) {
  const { register, watch, setValue, formState } = form
  const path = `${field.secret ? 'secrets' : 'fields'}.${field.name}` as const
  const part = field.secret ? formState.errors.secrets : formState.errors.fields
  const error = part?.[field.name]?.message
  const value = watch(path)

  if (field.kind === 'boolean') {
    return <Switch label={field.label} hint={field.help ?? ''} checked={value === true} onChange={(checked) => setValue(path, checked)} />
  }
  if (field.kind === 'choice') {
    const options = (field.choices ?? []).map((choice) => ({ value: choice, label: sentenceCase(choice) }))
    return (
      <Field label={field.label} hint={field.help ?? undefined} error={error}>
        {({ id }) => <Select id={id} value={String(value)} options={options} onChange={(choice) => setValue(path, choice)} />}
      </Field>
    )
  }

  const rules = {
    validate: (text: string | boolean | undefined) => {
      const typed = toValue(field, text)
      if (typed === undefined) return field.optional || (field.secret && !isNew) || `Enter the ${field.label.toLowerCase()}.`
      return field.kind !== 'integer' || Number.isInteger(typed) || 'Enter a whole number.'
    },
  }
  const look = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false, placeholder: kept ?? field.placeholder ?? undefined }
  const hint = kept === null ? (field.help ?? undefined) : 'Leave it empty to keep the one that is stored.'
  return (
    <Field label={field.label} optional={field.optional && field.default === null} hint={hint} error={error}>
      {(control) =>
        isLong(field) ? (
          <TextArea {...control} {...look} rows={4} className="font-mono text-sm!" {...register(path, rules)} />
        ) : (
          <Input
            {...control}
            {...look}
            {...(field.secret && { type: 'password', autoComplete: 'new-password', 'data-1p-ignore': true })}
            {...(field.kind === 'integer' && { inputMode: 'numeric' as const })}
            {...register(path, rules)}
          />
        )
      }
    </Field>
  )
}

/** Certificates and keys have lines, which a field of one line would join. */
const isLong = ({ name }: TypeField) => /certificate|private_key/.test(name)
