import { TriangleAlert } from 'lucide-react'
import { TimeAgo, useNowMs } from '../ui/time-ago.tsx'

const soonMs = 7 * 86_400_000

/** When a credential ends, loudly in its last week. */
export function Expiry({ at }: { at: string | null }) {
  const now = useNowMs()
  if (!at) return <span className="text-fg-3">Never</span>
  const left = Date.parse(at) - now
  if (left <= 0) return <span className="text-bad">Expired</span>
  if (left > soonMs) return <TimeAgo at={at} />
  return (
    <span className="inline-flex items-center gap-1 align-bottom text-warn">
      <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
      <TimeAgo at={at} />
    </span>
  )
}
