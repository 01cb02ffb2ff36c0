import { type LiveState, useLiveState } from '../api/live.ts'
import { Dot, type Tone } from '../ui/status.tsx'
import { Tip } from '../ui/tooltip.tsx'

const looks: Record<LiveState, { tone: Tone; label: string }> = {
  connecting: { tone: 'idle', label: 'Connecting to live updates' },
  live: { tone: 'ok', label: 'Live: changes appear by themselves' },
  retrying: { tone: 'warn', label: 'Live updates interrupted, reconnecting' },
  asleep: { tone: 'idle', label: 'Live updates paused' },
}

/** Whether what is on the screen follows the server. */
export function LiveDot() {
  const state = useLiveState()
  const { tone, label } = looks[state]
  return (
    <Tip label={label} side="bottom">
      <button
        type="button"
        data-live={state}
        aria-label={label}
        className="grid size-8 place-items-center rounded-sm hover:bg-hover coarse:size-10"
      >
        <Dot tone={tone} moving={state === 'live'} />
      </button>
    </Tip>
  )
}
