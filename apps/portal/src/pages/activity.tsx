import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { activityQuery, type AuditFilters } from '../api/audit.ts'
import { queryClient } from '../api/query-client.ts'
import { AuditView } from '../audit/audit-view.tsx'
import { Page } from '../ui/page.tsx'

export function loader({ deps }: { deps: AuditFilters }): void {
  void queryClient.prefetchQuery(activityQuery(deps))
}

const route = getRouteApi('/shell/activity')

export default function ActivityPage() {
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery({ ...activityQuery(filters), placeholderData: keepPreviousData })
  return (
    <Page title="Activity log" lead="Everything that happened in the accounts and workspaces that you may read, newest first.">
      <AuditView
        query={query}
        filters={filters}
        withWorkspace
        onGo={(search, how) => void navigate({ search, replace: how === 'filter' })}
      />
    </Page>
  )
}
