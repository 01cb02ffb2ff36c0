import type { Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { AppWindow, Cpu, Snowflake } from 'lucide-react'
import { workspaceAuditQuery } from '../api/audit.ts'
import { queryClient } from '../api/query-client.ts'
import { environmentsQuery, workspaceQuery } from '../api/workspaces.ts'
import { ActivityFeed } from '../audit/activity-feed.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Card, cardLinkClass } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Status } from '../ui/status.tsx'
import { AccountName } from '../workspace/account-name.tsx'
import { ActionsMenu } from '../workspace/actions-menu.tsx'
import { ArchivedBanner } from '../workspace/archived.tsx'
import { EnvironmentStrip } from '../workspace/environment-strip.tsx'
import { OverviewDialogs } from '../workspace/overview-dialogs.tsx'
import { ProvisioningCard, useProvisioningRun } from '../workspace/provisioning-card.tsx'
import { freezeRefusal } from '../workspace/refusals.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'

export function loader({ params: { workspaceId } }: { params: { workspaceId: string } }): void {
  // An archived workspace would refuse them.
  if (queryClient.getQueryData(workspaceQuery(workspaceId).queryKey)?.status !== 'archived') {
    void queryClient.prefetchQuery(environmentsQuery(workspaceId))
  }
  void queryClient.prefetchQuery(workspaceAuditQuery(workspaceId, {}))
}

const route = getRouteApi('/shell/workspaces/$workspaceId/')

export default function OverviewPage() {
  const workspace = useWorkspace()
  const { action } = route.useSearch()
  const navigate = route.useNavigate()
  const audit = useQuery(workspaceAuditQuery(workspace.id, {}))
  const runId = useProvisioningRun(workspace)

  return (
    <Page
      title={workspace.name}
      badge={<Status value={workspace.status} pill />}
      lead={<Identity workspace={workspace} />}
      actions={<ActionsMenu workspace={workspace} />}
    >
      {workspace.description && <p className="mt-3 max-w-prose text-pretty text-fg-2">{workspace.description}</p>}
      {workspace.status === 'frozen' && (
        <Banner
          tone="ice"
          icon={<Snowflake aria-hidden />}
          title="This workspace is frozen."
          action={
            <Button
              size="sm"
              className="text-fg"
              reason={freezeRefusal(workspace)}
              onClick={() => void navigate({ search: { action: 'unfreeze' } })}
            >
              Unfreeze
            </Button>
          }
        >
          Changes are refused; reading goes on. {workspace.status_reason}
        </Banner>
      )}
      {workspace.status === 'archived' && (
        <ArchivedBanner workspace={workspace} onRestore={() => void navigate({ search: { action: 'restore' } })} />
      )}
      {runId && workspace.status !== 'archived' && <ProvisioningCard workspace={workspace} runId={runId} />}
      {workspace.status !== 'archived' && (
        <EnvironmentStrip workspaceId={workspace.id} provisioning={workspace.status === 'provisioning'} />
      )}
      <div className="mt-5 grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="grid min-w-0 content-start gap-5">
          <Card title="Apps">
            <Empty
              level="h3"
              icon={<AppWindow />}
              title="No apps registered"
              body="An app is a front end or service that belongs to this workspace. This version has no way to register one yet."
            />
          </Card>
          <Card title="Coderunners">
            <Empty
              level="h3"
              icon={<Cpu />}
              title="Coderunners are not configured"
              body="A coderunner runs functions, jobs and deployments in this workspace’s environments. This version of Freehold does not come with one."
            />
          </Card>
        </div>
        <Card
          title="Recent activity"
          action={
            <Link to="/workspaces/$workspaceId/activity" params={{ workspaceId: workspace.id }} className={cardLinkClass}>
              View all<span className="sr-only"> recent activity</span>
            </Link>
          }
        >
          <ActivityFeed query={audit} limit={8} />
        </Card>
      </div>
      <OverviewDialogs workspace={workspace} action={action} onClose={() => void navigate({ search: {}, replace: true })} />
    </Page>
  )
}

function Identity({ workspace }: { workspace: Workspace }) {
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1">
      <AccountName accountId={workspace.account_id} />
      <span className="text-fg-3">
        {workspace.tenancy_model === 'dedicated' ? 'Dedicated' : 'Shared'} · <span className="font-mono text-xs">{workspace.region}</span>
      </span>
      <CopyButton value={workspace.slug} text={workspace.slug} label="Copy slug" />
      <CopyButton value={workspace.id} text={workspace.id} label="Copy workspace ID" />
    </span>
  )
}
