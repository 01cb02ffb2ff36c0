import type { AuditEvent } from '@freehold/contract'
import type { UseQueryResult } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { useEffect, useRef } from 'react'
import { Loaded } from '../ui/loaded.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { actorAvatar, EventSentence } from './event-line.tsx'

type ActivityFeedProps = { query: UseQueryResult<{ items: AuditEvent[] }>; limit: number }

/** The latest events; what arrives while one looks is lit for a moment. */
export function ActivityFeed({ query, limit }: ActivityFeedProps) {
  return (
    <Loaded query={query} what="recent activity" skeleton={<FeedSkeleton />}>
      {({ items }) =>
        items.length > 0 ? <Feed events={items.slice(0, limit)} /> : <p className="px-4 py-6 text-fg-3">Nothing has happened yet.</p>
      }
    </Loaded>
  )
}

function Feed({ events }: { events: readonly AuditEvent[] }) {
  const seen = useRef<ReadonlySet<string>>(undefined)
  const known = seen.current
  useEffect(() => {
    seen.current = new Set(events.map(({ id }) => id))
  }, [events])
  return (
    <ul aria-label="Recent activity" className="py-1.5">
      {events.map((event) => (
        <li key={event.id} className={clsx('flex gap-3 px-4 py-2', known && !known.has(event.id) && 'arrive')}>
          {actorAvatar(event)}
          <div className="min-w-0 flex-1 leading-[1.15rem]">
            <p>
              <EventSentence event={event} />
            </p>
            <p className="mt-0.5 text-xs text-fg-3">
              <TimeAgo at={event.at} />
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}

function FeedSkeleton() {
  return (
    <div className="grid gap-4 p-4">
      {[0, 1, 2, 3].map((index) => (
        <div key={index} className="flex gap-3">
          <Skeleton className="size-6 rounded-full!" />
          <div className="grid flex-1 gap-2">
            <Skeleton className="h-3 w-4/5" />
            <Skeleton className="h-3 w-1/3" />
          </div>
        </div>
      ))}
    </div>
  )
}
