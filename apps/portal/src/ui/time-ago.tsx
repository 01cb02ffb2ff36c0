import { useSyncExternalStore } from 'react'
import { formatFull, formatRelative } from '../text/time.ts'

const listeners = new Set<() => void>()
let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function tick() {
  nowMs = Date.now()
  for (const notify of listeners) notify()
}

// One clock for the whole page: a timer in each cell would repaint a long list out of step.
function subscribe(notify: () => void) {
  listeners.add(notify)
  timer ??= setInterval(tick, 15_000)
  return () => {
    listeners.delete(notify)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

export function useNowMs(): number {
  return useSyncExternalStore(subscribe, () => nowMs)
}

export function TimeAgo({ at }: { at: string }) {
  const now = useNowMs()
  // Something newer than the last tick happened "just now", not in the future.
  return (
    <time dateTime={at} title={formatFull(at)} className="tnum whitespace-nowrap">
      {formatRelative(at, Date.parse(at) > now && Date.parse(at) < Date.now() + 1000 ? Date.parse(at) : now)}
    </time>
  )
}
