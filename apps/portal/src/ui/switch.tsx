import { clsx } from 'clsx'
import { type ReactNode, useId } from 'react'

type SwitchProps = {
  label: string
  hint: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  /** Why it cannot be used now. It stays reachable and says so. */
  reason?: string | undefined
}

export function Switch({ label, hint, checked, onChange, reason }: SwitchProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-3">
      <button
        type="button"
        role="switch"
        id={id}
        aria-checked={checked}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-hint`}
        aria-disabled={reason ? true : undefined}
        onClick={() => !reason && onChange(!checked)}
        className={clsx(
          'flex h-6 w-10 shrink-0 items-center rounded-full p-0.5 ring-1 ring-inset transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
          checked ? 'bg-accent ring-accent' : 'bg-press ring-idle-dot',
        )}
      >
        <span
          className={clsx(
            'block size-5 rounded-full shadow-control transition-transform',
            checked ? 'translate-x-4 bg-surface rtl:-translate-x-4' : 'bg-idle-dot',
          )}
        />
      </button>
      <div className="min-w-0">
        <label id={`${id}-label`} htmlFor={id} className="font-medium">
          {label}
        </label>
        <div id={`${id}-hint`} className="mt-0.5 grid gap-1.5 text-pretty text-fg-2">
          <p>{hint}</p>
          {reason && <p className="text-warn">{reason}</p>}
        </div>
      </div>
    </div>
  )
}
