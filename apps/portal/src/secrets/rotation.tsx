import { TriangleAlert } from 'lucide-react'
import { TimeAgo, useNowMs } from '../ui/time-ago.tsx'

const soonMs = 7 * 86_400_000

/** When a secret should get a new value, loudly once that is near or past. */
export function Rotation({ dueAt }: { dueAt: string | null }) {
  const now = useNowMs()
  if (!dueAt) return <span className="text-fg-3">No reminder</span>
  const left = Date.parse(dueAt) - now
  if (left > soonMs) {
    return (
      <>
        Due <TimeAgo at={dueAt} />
      </>
    )
  }
  return (
    <span className="inline-flex items-center gap-1 align-bottom text-warn">
      <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
      <span>
        {left <= 0 ? 'Overdue' : 'Due'} <TimeAgo at={dueAt} />
      </span>
    </span>
  )
}
