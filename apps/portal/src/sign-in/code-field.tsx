import type { ComponentProps } from 'react'
import { Field, Input } from '../ui/field.tsx'

type CodeFieldProps = ComponentProps<'input'> & { hint?: string; error: string | undefined }

/** For six digits of the app or a recovery code, which has letters: so no keyboard of digits unless told. */
export function CodeField({ hint = 'Six digits from your authenticator app, or a recovery code.', error, ...input }: CodeFieldProps) {
  return (
    <Field label="Code" hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          autoComplete="one-time-code"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          maxLength={40}
          className="font-mono"
          {...input}
        />
      )}
    </Field>
  )
}

export const codeRules = {
  validate: (code: string) => code.trim().length >= 6 || 'Enter the six digits, or a recovery code.',
}
