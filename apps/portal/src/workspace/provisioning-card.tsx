import type { Run, Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { useLiveState } from '../api/live.ts'
import { describeProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { runQuery, workspaceQuery } from '../api/workspaces.ts'
import { asSentence } from '../text/words.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast-store.ts'
import { useNowMs } from '../ui/time-ago.tsx'
import { refusalOf } from './refusals.ts'
import { RunProgress } from './run-progress.tsx'

const shownAfterMs = 120_000

/** While it is being made, when that failed, and for a moment after: a quick run would be over before anyone saw its steps. */
export function useProvisioningRun(workspace: Workspace): string | undefined {
  const nowMs = useNowMs()
  const fresh = nowMs - Date.parse(workspace.created_at) < shownAfterMs
  const unfinished = workspace.status === 'provisioning' || workspace.status === 'failed'
  return unfinished || fresh ? (workspace.provisioning_run_id ?? undefined) : undefined
}

const isOver = (run: Run | undefined) => run !== undefined && run.finished_at !== null

/** How a workspace comes into being, live; and what an administrator can do when it does not. */
export function ProvisioningCard({ workspace, runId }: { workspace: Workspace; runId: string }) {
  const live = useLiveState() === 'live'
  // The stream tells of each change; asking now and then as well covers what happened before it was open.
  const query = useQuery({ ...runQuery(runId), refetchInterval: ({ state }) => (isOver(state.data) ? false : live ? 5000 : 2000) })
  return (
    <>
      {query.data && <RunWarning run={query.data} workspace={workspace} />}
      <div className="mt-5">
        <Card title="Provisioning" action={<CopyButton value={runId} text={runId} label="Copy run ID" className="max-w-[60%]" />}>
          <Loaded query={query} what="the provisioning run" skeleton={<Skeleton className="m-4 h-40" />}>
            {(run) => <RunProgress run={run} />}
          </Loaded>
        </Card>
      </div>
    </>
  )
}

function RunWarning({ run, workspace }: { run: Run; workspace: Workspace }) {
  const failed = run.status === 'failed' || workspace.status === 'failed'
  if (!failed && !run.stalled) return null
  const reason = run.error ?? workspace.status_reason
  return (
    <Banner
      tone={failed ? 'bad' : 'warn'}
      icon={<TriangleAlert aria-hidden />}
      title={failed ? 'Provisioning failed.' : 'Provisioning takes longer than 10 minutes.'}
      action={<RunActions run={run} workspace={workspace} />}
    >
      {failed && reason ? `${asSentence(reason)} ` : ''}
      {failed
        ? 'Retry goes on from the step that failed.'
        : `If it does not move, retry it, or name run ${run.id} to whoever runs this installation.`}
    </Banner>
  )
}

function RunActions({ run, workspace }: { run: Run; workspace: Workspace }) {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const refusal = refusalOf(workspace, 'administer', { whileFrozen: true })

  const retry = async () => {
    setBusy(true)
    try {
      queryClient.setQueryData(runQuery(run.id).queryKey, await client.retryRun({ run_id: run.id }))
      await queryClient.invalidateQueries({ queryKey: workspaceQuery(workspace.id).queryKey })
    } catch (error) {
      showToast({ type: 'error', title: 'The run could not be retried', description: describeProblem(error) })
    } finally {
      setBusy(false)
    }
  }
  const cancel = () =>
    void navigate({ to: '/workspaces/$workspaceId', params: { workspaceId: workspace.id }, search: { action: 'cancel' } })

  return (
    <div className="flex flex-wrap gap-2 text-fg">
      <Button size="sm" loading={busy} reason={refusal} onClick={retry}>
        Retry
      </Button>
      <Button size="sm" reason={refusal} onClick={cancel}>
        Cancel and delete…
      </Button>
    </div>
  )
}
