import { useSyncExternalStore } from 'react'

/** `expired`: the server refused a session that this tab had been using. What is on the screen stays. */
export type SessionState = 'unknown' | 'signed-in' | 'expired'

let state: SessionState = 'unknown'
const listeners = new Set<() => void>()

function setState(next: SessionState) {
  if (state === next) return
  state = next
  for (const notify of listeners) notify()
}

export const markSignedIn = () => setState('signed-in')
export const markSignedOut = () => setState('unknown')

/** A refused password is not an expired session, so it only counts where there was one. */
export const markExpired = () => {
  if (state === 'signed-in') setState('expired')
}

export function useSessionState(): SessionState {
  return useSyncExternalStore(
    (notify) => {
      listeners.add(notify)
      return () => listeners.delete(notify)
    },
    () => state,
  )
}
