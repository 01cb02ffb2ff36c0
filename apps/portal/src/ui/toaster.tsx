import { Toast } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { toasts } from './toast-store.ts'

export function Toaster() {
  return (
    <Toast.Provider toastManager={toasts} timeout={6000} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="pointer-events-none fixed end-4 bottom-4 z-50 flex w-[min(360px,calc(100vw-2rem))] flex-col gap-2">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList() {
  const manager = Toast.useToastManager()
  return manager.toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast pointer-events-auto rounded-lg bg-raised shadow-pop outline-none">
      <Toast.Content className="flex items-start gap-2.5 p-3 pe-2">
        {toast.type === 'error' ? (
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
        ) : (
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
        )}
        <div className="min-w-0 flex-1">
          <Toast.Title className="font-medium" />
          <Toast.Description className="text-pretty text-fg-2" />
        </div>
        <Toast.Close aria-label="Dismiss" className="grid size-7 place-items-center rounded-sm text-fg-3 hover:bg-hover coarse:size-10">
          <X className="size-3.5" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
