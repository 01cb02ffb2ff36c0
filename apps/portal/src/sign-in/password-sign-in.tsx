import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { CodeField, codeRules } from './code-field.tsx'
import { usePasswordSignIn } from './use-password-sign-in.ts'

type PasswordSignInProps = {
  primary: boolean
  /** Other ways to sign in, until the password has been proved. */
  before?: ReactNode
  onSignedIn: () => Promise<unknown>
}

export function PasswordSignIn({ primary, before, onSignedIn }: PasswordSignInProps) {
  const { register, formState, getValues, needsCode, startOver, submit } = usePasswordSignIn({
    email: '',
    wrongPassword: 'Email or password is not right.',
    onSignedIn,
  })
  const { errors, isSubmitting } = formState
  return (
    <>
      {!needsCode && before}
      <form noValidate className="grid gap-4" onSubmit={submit}>
        <FormError>{errors.root?.message}</FormError>
        {needsCode ? (
          <>
            <p className="text-pretty text-fg-2">
              The password is right. Now prove that you are{' '}
              <strong className="font-medium break-words text-fg">{getValues('email')}</strong>.
            </p>
            <CodeField key="code" autoFocus error={errors.code?.message} {...register('code', codeRules)} />
          </>
        ) : (
          <>
            <Field label="Email" error={errors.email?.message}>
              {(control) => (
                <Input
                  {...control}
                  type="email"
                  autoComplete="username"
                  autoFocus
                  {...register('email', { required: 'Enter your email address.' })}
                />
              )}
            </Field>
            <Field label="Password" error={errors.password?.message}>
              {(control) => (
                <Input
                  {...control}
                  type="password"
                  autoComplete="current-password"
                  {...register('password', { required: 'Enter your password.' })}
                />
              )}
            </Field>
          </>
        )}
        <Button type="submit" variant={primary || needsCode ? 'primary' : 'secondary'} size="lg" loading={isSubmitting}>
          Sign in
        </Button>
        {needsCode && (
          <Button variant="ghost" size="lg" onClick={startOver}>
            Back
          </Button>
        )}
      </form>
    </>
  )
}
