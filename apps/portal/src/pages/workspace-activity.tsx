import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { type AuditFilters, workspaceAuditQuery } from '../api/audit.ts'
import { queryClient } from '../api/query-client.ts'
import { AuditView } from '../audit/audit-view.tsx'
import { ChainResult, useChainCheck, VerifyButton } from '../audit/chain-check.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'

export function loader({ params, deps }: { params: { workspaceId: string }; deps: AuditFilters }): void {
  void queryClient.prefetchQuery(workspaceAuditQuery(params.workspaceId, deps))
}

const route = getRouteApi('/shell/workspaces/$workspaceId/activity')

export default function WorkspaceActivityPage() {
  const workspace = useWorkspace()
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery({ ...workspaceAuditQuery(workspace.id, filters), placeholderData: keepPreviousData })
  const { result, busy, verify } = useChainCheck(workspace.id)
  return (
    <Page
      title="Changelog"
      lead={`What was created, changed or deleted in ${workspace.name}, and who or what did it.`}
      actions={
        <>
          <VerifyButton busy={busy} verify={verify} />
          <a href={`/v1/workspaces/${workspace.id}/audit/export`} download={`${workspace.slug}-audit.jsonl`} className={buttonClass()}>
            <Download aria-hidden className="size-4 text-fg-3" />
            Export
          </a>
        </>
      }
    >
      {result && <ChainResult result={result} />}
      <AuditView query={query} filters={filters} onGo={(search, how) => void navigate({ search, replace: how === 'filter' })} />
    </Page>
  )
}
