import { Toast } from '@base-ui/react/toast'

export const toasts = Toast.createToastManager()

/** A note in the corner, for what happened in the background. Faults of a form belong into the form. */
export function showToast(toast: { title: string; description?: string; type?: 'success' | 'error' }) {
  toasts.add(toast)
}
