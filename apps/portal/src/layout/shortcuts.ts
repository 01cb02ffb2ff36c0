import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useCurrentWorkspace } from './current-workspace.ts'

export const shortcuts: readonly { keys: string; does: string }[] = [
  { keys: '/', does: 'Filter the list' },
  { keys: 'C', does: 'Create, on a list' },
  { keys: 'G W', does: 'Go to workspaces' },
  { keys: 'G L', does: 'Go to the activity log' },
  { keys: 'G O', does: 'Go to the overview of the workspace' },
  { keys: 'G K', does: 'Go to the API keys of the workspace' },
  { keys: '?', does: 'Show these shortcuts' },
]

const storageKey = 'freehold:single-keys'

/** Single keys can get in the way of speech input, so they can be switched off (WCAG 2.1.4). */
export function readSingleKeys(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}

export function writeSingleKeys(on: boolean) {
  try {
    localStorage.setItem(storageKey, on ? 'on' : 'off')
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

type Handlers = { onCommands: () => void; onShortcuts: () => void }

export function useShortcuts({ onCommands, onShortcuts }: Handlers) {
  const navigate = useNavigate()
  const workspaceId = useCurrentWorkspace()?.id

  useEffect(() => {
    let chordUntilMs = 0
    const press = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        return onCommands()
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || !readSingleKeys()) return
      const key = event.key.toLowerCase()
      const chord = event.timeStamp < chordUntilMs
      chordUntilMs = key === 'g' && !chord ? event.timeStamp + 1200 : 0
      const act = chord ? chordAction(key) : singleAction(key)
      if (!act) return
      event.preventDefault()
      act()
    }

    const chordAction = (key: string): (() => void) | undefined => {
      if (key === 'w') return () => void navigate({ to: '/workspaces' })
      if (key === 'l') return () => void navigate({ to: '/activity' })
      if (!workspaceId) return undefined
      if (key === 'o') return () => void navigate({ to: '/workspaces/$workspaceId', params: { workspaceId } })
      if (key === 'k') return () => void navigate({ to: '/workspaces/$workspaceId/settings/api-keys', params: { workspaceId } })
      return undefined
    }

    const singleAction = (key: string): (() => void) | undefined => {
      if (key === '?') return onShortcuts
      const target = key === '/' ? '[data-filter]' : key === 'c' ? '[data-create]:not([aria-disabled])' : undefined
      const element = target ? document.querySelector<HTMLElement>(target) : null
      if (!element) return undefined
      return key === '/' ? () => element.focus() : () => element.click()
    }

    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [navigate, workspaceId, onCommands, onShortcuts])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]') !== null
  )
}
