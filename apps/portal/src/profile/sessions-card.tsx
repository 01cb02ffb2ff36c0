import type { Item } from '@freehold/sdk/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { sessionsQuery } from '../api/identity.ts'
import { queryClient } from '../api/query-client.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { describeBrowser } from './browser.ts'
import { describeMethods } from './methods.ts'

type Session = Item<'listMySessions'>

export function SessionsCard() {
  const query = useQuery(sessionsQuery)
  const [ending, setEnding] = useState<Session>()
  return (
    <Card title="Where you are signed in">
      <Loaded query={query} what="your sessions" skeleton={<SkeletonRows count={2} className="h-[54px] px-4!" />}>
        {({ items }) => (
          <ul className="divide-y divide-line">
            {items.map((session) => (
              <SessionEntry key={session.id} session={session} onEnd={() => setEnding(session)} />
            ))}
          </ul>
        )}
      </Loaded>
      {ending && (
        <ConfirmDialog
          open
          onClose={() => setEnding(undefined)}
          title={`Sign out ${describeBrowser(ending.user_agent)}?`}
          consequence="Its next request is refused."
          confirm="Sign it out"
          run={async () => {
            await client.revokeMySession({ session_id: ending.id })
            await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey })
          }}
        />
      )}
    </Card>
  )
}

function SessionEntry({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const name = describeBrowser(session.user_agent)
  return (
    <li className="flex min-h-[54px] items-center gap-3 px-4 py-2">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium" title={session.user_agent}>
          {name}
          {session.current && <Tag tone="ok">This one</Tag>}
        </p>
        <p className="text-xs break-words text-fg-3">
          {session.methods.length > 0 && `${describeMethods(session.methods)} · `}
          {session.ip && `${session.ip} · `}
          {session.last_used_at ? (
            <>
              used <TimeAgo at={session.last_used_at} />
            </>
          ) : (
            <>
              signed in <TimeAgo at={session.created_at} />
            </>
          )}
        </p>
      </div>
      {!session.current && (
        <Button size="sm" aria-label={`Sign out ${name}`} onClick={onEnd}>
          Sign out
        </Button>
      )}
    </li>
  )
}
