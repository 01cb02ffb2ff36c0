import type { AuditEvent } from '@freehold/contract'
import type { UseQueryResult } from '@tanstack/react-query'
import { History } from 'lucide-react'
import type { AuditFilters } from '../api/audit.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Pager } from '../ui/pager.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { AuditFilterBar } from './audit-filters.tsx'
import { AuditList } from './audit-list.tsx'

type AuditViewProps = {
  query: UseQueryResult<{ items: AuditEvent[]; next: string | null }>
  filters: AuditFilters
  /** Puts filters into the URL; `page` also keeps the way back. */
  onGo: (filters: AuditFilters, how: 'filter' | 'page') => void
  withWorkspace?: boolean
}

/** A feed with its filters and pages. */
export function AuditView({ query, filters, onGo, withWorkspace = false }: AuditViewProps) {
  const filter = (change: AuditFilters) => onGo({ ...filters, cursor: undefined, ...change }, 'filter')
  const clear = () => onGo({}, 'filter')
  const filtered = Object.values(filters).some(Boolean)
  return (
    <>
      <AuditFilterBar filters={filters} onFilter={filter} onClear={clear} />
      <Loaded query={query} what="events" skeleton={<SkeletonRows count={10} />}>
        {({ items, next }) =>
          items.length > 0 ? (
            <>
              <AuditList events={items} busy={query.isPlaceholderData} onFilter={filter} withWorkspace={withWorkspace} />
              <Pager shown={items.length} next={next} cursor={filters.cursor} onGo={(cursor) => onGo({ ...filters, cursor }, 'page')} />
            </>
          ) : (
            <div className="mt-4 rounded-lg ring-1 ring-line">
              <Empty
                icon={<History />}
                title={filtered ? 'Nothing recorded for these filters' : 'Nothing recorded yet'}
                body={
                  filtered
                    ? 'Choose a longer time or another action.'
                    : 'Every change that people and keys make appears here, with who made it.'
                }
                actions={filtered && <Button onClick={clear}>Clear filters</Button>}
              />
            </div>
          )
        }
      </Loaded>
    </>
  )
}
