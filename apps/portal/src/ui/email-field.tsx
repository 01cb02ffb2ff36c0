import type { ReactNode } from 'react'
import type { UseFormRegisterReturn } from 'react-hook-form'
import { Field, Input } from './field.tsx'

/** Rules for a form that asks for somebody's email. */
export const someEmail = { validate: (text: string) => text.trim() !== '' || 'Enter an email address.' }

type EmailFieldProps = { label?: string; hint?: ReactNode; error: string | undefined; registration: UseFormRegisterReturn }

/** Somebody else's email, the first thing that a dialog asks for. */
export function EmailField({ label = 'Email', hint, error, registration }: EmailFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <Input {...control} autoFocus type="email" autoComplete="off" maxLength={254} {...registration} />}
    </Field>
  )
}
