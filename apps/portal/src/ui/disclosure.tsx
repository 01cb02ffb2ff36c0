import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId } from 'react'

type DisclosureProps = { label: string; note?: ReactNode; open: boolean; onToggle: (open: boolean) => void; children: ReactNode }

/** Part of a form that few need. What is closed keeps what was typed. */
export function Disclosure({ label, note, open, onToggle, children }: DisclosureProps) {
  const id = useId()
  return (
    <div className="rounded-md ring-1 ring-line-2">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => onToggle(!open)}
        className="flex min-h-10 w-full items-center gap-2 rounded-md px-3 py-2 text-start hover:bg-hover"
      >
        <ChevronRight aria-hidden className={clsx('size-4 shrink-0 text-fg-3 transition-transform rtl:rotate-180', open && 'rotate-90!')} />
        <span className="text-sm font-medium">{label}</span>
        {note && <span className="min-w-0 flex-1 truncate text-end text-xs text-fg-3">{note}</span>}
      </button>
      <div id={id} hidden={!open} className="border-t border-line p-3">
        {children}
      </div>
    </div>
  )
}
