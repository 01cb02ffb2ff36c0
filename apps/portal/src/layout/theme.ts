import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const key = 'freehold:theme'
const listeners = new Set<() => void>()
const systemDark = matchMedia('(prefers-color-scheme: dark)')

function readTheme(): Theme {
  try {
    const theme = localStorage.getItem(key)
    return theme === 'light' || theme === 'dark' ? theme : 'system'
  } catch {
    return 'system'
  }
}

function apply() {
  const theme = readTheme()
  document.documentElement.dataset['theme'] = theme === 'dark' || (theme === 'system' && systemDark.matches) ? 'dark' : 'light'
  for (const notify of listeners) notify()
}

export function setTheme(theme: Theme) {
  try {
    localStorage.setItem(key, theme)
  } catch {
    // Without storage the choice cannot outlive this call.
  }
  apply()
}

export function useTheme(): Theme {
  return useSyncExternalStore((notify) => {
    listeners.add(notify)
    return () => listeners.delete(notify)
  }, readTheme)
}
