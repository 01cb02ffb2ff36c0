import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { buttonClass } from '../ui/button.tsx'
import { Sidebar } from './sidebar.tsx'

/** The sidebar of narrow screens. */
export default function Drawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="drawer fixed inset-y-0 start-0 z-40 flex w-[min(300px,84vw)] flex-col bg-chrome shadow-modal outline-none">
          <div className="flex h-12 shrink-0 items-center justify-between ps-4 pe-2">
            <Dialog.Title className="font-semibold">Freehold</Dialog.Title>
            <Dialog.Close aria-label="Close navigation" className={buttonClass({ variant: 'ghost', square: true })}>
              <X className="size-4" />
            </Dialog.Close>
          </div>
          <div className="min-h-0 flex-1">
            <Sidebar onNavigate={onClose} />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
