import type { AuditEvent } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import type { AuditFilters } from '../api/audit.ts'
import { formatFull } from '../text/time.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { ChangeTable } from './change-table.tsx'
import { actorAvatar, EventSentence } from './event-line.tsx'

type AuditListProps = {
  events: readonly AuditEvent[]
  busy?: boolean
  onFilter: (filters: AuditFilters) => void
  /** Links each event to its workspace, where the list is not of one. */
  withWorkspace?: boolean
}

export function AuditList({ events, busy = false, onFilter, withWorkspace = false }: AuditListProps) {
  return (
    <ul aria-label="Events" aria-busy={busy} className={clsx('mt-3 border-t border-line transition-opacity', busy && 'opacity-55')}>
      {events.map((event) => (
        <AuditEntry key={event.id} event={event} onFilter={onFilter} withWorkspace={withWorkspace} />
      ))}
    </ul>
  )
}

function AuditEntry({
  event,
  onFilter,
  withWorkspace,
}: {
  event: AuditEvent
  onFilter: (filters: AuditFilters) => void
  withWorkspace: boolean
}) {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <li className="border-b border-line">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-3 px-2 py-2.5 text-start hover:bg-hover focus-visible:-outline-offset-2"
      >
        <ChevronRight
          aria-hidden
          className={clsx('size-3.5 shrink-0 text-fg-3 transition-transform', open ? 'rotate-90' : 'rtl:rotate-180')}
        />
        {actorAvatar(event)}
        <span className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">
          <EventSentence event={event} />
          <span className="text-xs text-fg-3">
            <TimeAgo at={event.at} />
          </span>
        </span>
      </button>
      <div id={id} hidden={!open}>
        {open && <EntryDetails event={event} onFilter={onFilter} withWorkspace={withWorkspace} />}
      </div>
    </li>
  )
}

function EntryDetails({
  event,
  onFilter,
  withWorkspace,
}: {
  event: AuditEvent
  onFilter: (filters: AuditFilters) => void
  withWorkspace: boolean
}) {
  const facts: [string, string | null][] = [
    ['Action', event.action],
    ['At', formatFull(event.at)],
    ['Actor', `${event.actor.kind} ${event.actor.id}`],
    ['Resource', `${event.resource.kind} ${event.resource.label}`],
    ['From', event.ip],
    ['Place in chain', event.seq === null ? 'not sealed yet' : String(event.seq)],
  ]
  return (
    <div className="grid gap-3 ps-4 pe-2 pt-1 pb-4 sm:ps-15">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-xs">
        {facts.map(
          ([term, detail]) =>
            detail && (
              <div key={term} className="contents">
                <dt className="text-fg-3">{term}</dt>
                <dd className="break-words text-fg-2">{detail}</dd>
              </div>
            ),
        )}
        {event.request_id && (
          <div className="contents">
            <dt className="text-fg-3">Request</dt>
            <dd className="min-w-0">
              <CopyButton value={event.request_id} text={event.request_id} label="Copy request ID" />
            </dd>
          </div>
        )}
      </dl>
      <ChangeTable before={event.before} after={event.after} />
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={() => onFilter({ actor: event.actor.id })}>
          Only by {event.actor.label}
        </Button>
        <Button size="sm" onClick={() => onFilter({ resource: `${event.resource.kind}:${event.resource.id}` })}>
          Only this {event.resource.kind.replaceAll('_', ' ')}
        </Button>
        {withWorkspace && event.workspace_id && (
          <Link
            to="/workspaces/$workspaceId"
            params={{ workspaceId: event.workspace_id }}
            className="inline-flex h-7 items-center rounded-sm px-2.5 text-xs font-medium text-fg-2 hover:bg-hover hover:text-fg coarse:min-h-10"
          >
            Open the workspace
          </Link>
        )}
      </div>
    </div>
  )
}
