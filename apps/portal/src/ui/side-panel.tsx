import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

type SidePanelProps = { open: boolean; onClose: () => void; title: ReactNode; description?: ReactNode; children: ReactNode }

/** All about one thing of a list, beside the list; on a narrow screen instead of it. */
export function SidePanel({ open, onClose, title, description, children }: SidePanelProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim fixed inset-0 z-40 bg-scrim" />
        <Base.Popup className="side fixed inset-y-0 end-0 z-40 flex w-full max-w-[560px] flex-col bg-raised shadow-modal outline-none">
          <header className="hairline flex items-start justify-between gap-4 px-5 py-4">
            <div className="min-w-0">
              <Base.Title className="text-md font-semibold tracking-[-0.01em] break-words">{title}</Base.Title>
              {description && <Base.Description className="mt-0.5 text-xs break-all text-fg-3">{description}</Base.Description>}
            </div>
            <Base.Close
              aria-label="Close"
              className="-me-1.5 -mt-1 grid size-8 shrink-0 place-items-center rounded-sm text-fg-3 hover:bg-hover hover:text-fg coarse:size-10"
            >
              <X className="size-4" />
            </Base.Close>
          </header>
          <div className="grid min-h-0 flex-1 content-start gap-6 overflow-y-auto px-5 py-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
