import { Dialog as Base } from '@base-ui/react/dialog'
import { clsx } from 'clsx'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'

type DialogProps = {
  open: boolean
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  /** False: neither Escape nor a click outside closes it. */
  dismissible?: boolean
  initialFocus?: RefObject<HTMLElement | null>
  className?: string
}

export function Dialog({ open, onClose, title, description, children, dismissible = true, initialFocus, className }: DialogProps) {
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={!dismissible}
      onOpenChange={(next, details) => {
        if (next) return
        if (dismissible) onClose()
        else details.cancel()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="scrim fixed inset-0 z-40 bg-scrim" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-end justify-center overflow-y-auto p-3 sm:items-start sm:pt-[11vh]">
          <Base.Popup
            {...(initialFocus && { initialFocus })}
            className={clsx('dialog relative w-full max-w-[480px] rounded-xl bg-raised shadow-modal outline-none', className)}
          >
            <div className="flex items-start justify-between gap-4 px-5 pt-5">
              <div className="min-w-0">
                <Base.Title className="text-md font-semibold tracking-[-0.01em] text-pretty break-words">{title}</Base.Title>
                {description && <Base.Description className="mt-1 text-pretty text-fg-2">{description}</Base.Description>}
              </div>
              {dismissible && (
                <Base.Close
                  aria-label="Close"
                  className="-me-1.5 -mt-1.5 grid size-8 shrink-0 place-items-center rounded-sm text-fg-3 hover:bg-hover hover:text-fg coarse:size-10"
                >
                  <X className="size-4" />
                </Base.Close>
              )}
            </div>
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

export const DialogBody = ({ children }: { children: ReactNode }) => <div className="grid gap-4 px-5 pt-4">{children}</div>

export function DialogFoot({ children }: { children: ReactNode }) {
  return (
    <div className="mt-5 flex flex-wrap items-center justify-end gap-2 rounded-b-xl border-t border-line bg-sunken px-5 py-3 dark:bg-transparent">
      {children}
    </div>
  )
}
