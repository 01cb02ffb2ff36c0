import { clsx } from 'clsx'
import { type ComponentProps, lazy, type MouseEvent, Suspense, useId } from 'react'
import { Spinner } from './spinner.tsx'

// Only a button that gives a reason needs the tooltip, and no page before the sign-in has one.
const Tip = lazy(async () => ({ default: (await import('./tooltip.tsx')).Tip }))

const variants = {
  primary: 'bg-ink text-ink-fg shadow-control hover:bg-ink-hover',
  secondary: 'bg-surface text-fg shadow-control ring-1 ring-inset ring-line-2 hover:bg-hover',
  ghost: 'text-fg-2 hover:bg-hover hover:text-fg',
  danger: 'bg-bad-solid text-white shadow-control hover:brightness-110',
}
const sizes = {
  sm: 'h-7 gap-1.5 rounded-sm px-2.5 text-xs',
  md: 'h-8 gap-1.5 rounded-sm px-3 text-sm',
  lg: 'h-9 gap-2 rounded-md px-3.5 text-base',
}
const squares = { sm: 'w-7 px-0! coarse:min-w-10', md: 'w-8 px-0! coarse:min-w-10', lg: 'w-9 px-0! coarse:min-w-10' }

type Look = { variant?: keyof typeof variants; size?: keyof typeof sizes; square?: boolean }

/** Classes of a button, for links that look like one. */
export function buttonClass({ variant = 'secondary', size = 'md', square = false }: Look = {}): string {
  return clsx(
    'relative inline-flex shrink-0 items-center justify-center font-medium whitespace-nowrap select-none coarse:min-h-10',
    'transition-[background,color,box-shadow,filter] duration-100 disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-55 [&_svg]:shrink-0',
    variants[variant],
    sizes[size],
    square && squares[size],
  )
}

type ButtonProps = ComponentProps<'button'> &
  Look & {
    loading?: boolean
    /** Why it cannot be used now. The button stays reachable and says so. */
    reason?: string | undefined
  }

export function Button({ variant, size, square, loading = false, reason, className, children, ...rest }: ButtonProps) {
  const reasonId = useId()
  const look = { ...(variant && { variant }), ...(size && { size }), ...(square && { square }) }
  const button = (
    <button
      type="button"
      {...rest}
      {...(reason && { 'aria-disabled': true, 'aria-describedby': reasonId, type: 'button', onClick: refuse })}
      aria-busy={loading || undefined}
      disabled={rest.disabled || loading}
      className={clsx(buttonClass(look), className)}
    >
      {loading && <Spinner />}
      {children}
    </button>
  )
  if (!reason) return button
  return (
    <>
      <Suspense fallback={button}>
        <Tip label={reason}>{button}</Tip>
      </Suspense>
      <span id={reasonId} hidden>
        {reason}
      </span>
    </>
  )
}

const refuse = (event: MouseEvent) => event.preventDefault()
