import { clsx } from 'clsx'
import { type ComponentProps, type ReactNode, useId } from 'react'
import { Prose } from './prose.tsx'

const control =
  'w-full rounded-sm bg-surface px-2.5 text-base text-fg shadow-control ring-1 ring-line-2 ring-inset outline-none transition-shadow placeholder:text-fg-3 focus:ring-2 focus:ring-accent aria-invalid:ring-bad disabled:bg-sunken disabled:text-fg-3 read-only:bg-sunken coarse:text-[1rem]'

export type FieldControl = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }

type FieldProps = {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  optional?: boolean
  children: (control: FieldControl) => ReactNode
}

/** Label, control, and under it the fault or the hint, tied together for assistive technology. */
export function Field({ label, hint, error, optional, children }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const note = error ?? hint
  return (
    <div>
      <div className="mb-1.5 flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {optional && <span className="text-xs text-fg-3">Optional</span>}
      </div>
      {children({ id, ...(note ? { 'aria-describedby': noteId } : {}), ...(error ? { 'aria-invalid': true } : {}) })}
      {note && (
        <p id={noteId} role={error ? 'alert' : undefined} className={clsx('mt-1.5 text-xs text-pretty', error ? 'text-bad' : 'text-fg-3')}>
          {typeof note === 'string' ? <Prose>{note}</Prose> : note}
        </p>
      )}
    </div>
  )
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={clsx(control, 'h-9 coarse:h-11', className)} />
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea rows={2} {...rest} className={clsx(control, 'min-h-16 py-1.5', className)} />
}

/** What went wrong with the form as a whole. */
export function FormError({ children }: { children: ReactNode }) {
  if (!children) return null
  return (
    <p role="alert" className="rounded-sm bg-bad-soft px-3 py-2 text-sm text-pretty text-bad">
      {typeof children === 'string' ? <Prose>{children}</Prose> : children}
    </p>
  )
}
