import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import { isMissing, needsSecondFactor } from '../api/problem.ts'
import { workspaceQuery } from '../api/workspaces.ts'
import { QueryFault } from '../layout/fault-pages.tsx'
import { useLateness } from '../ui/loaded.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { FreeholdError } from '@freehold/sdk/core'
import { readLastWorkspace, writeLastWorkspace } from './last-workspace.ts'
import { WorkspaceContext } from './use-workspace.ts'

const route = getRouteApi('/shell/workspaces/$workspaceId')

/** Around every page of a workspace: nothing is shown of one that is not there, and the one seen last is remembered. */
export default function WorkspaceFrame() {
  const { workspaceId } = route.useParams()
  const query = useQuery(workspaceQuery(workspaceId))
  const late = useLateness(query.isPending)
  const retry = () => void query.refetch({ cancelRefetch: true })

  useEffect(() => {
    if (query.isSuccess) writeLastWorkspace(workspaceId)
    else if (isMissing(query.error) && readLastWorkspace() === workspaceId) writeLastWorkspace(undefined)
  }, [query.isSuccess, query.error, workspaceId])

  if (query.data && !isMissing(query.error) && !needsSecondFactor(query.error)) {
    return (
      <WorkspaceContext value={query.data}>
        <Outlet />
      </WorkspaceContext>
    )
  }
  if (query.error) return <QueryFault error={query.error} onRetry={retry} />
  if (late) return <QueryFault error={slowness} onRetry={retry} />
  return (
    <div role="status" aria-label="Loading the workspace" className="mx-auto w-full max-w-[1180px] px-4 pt-8 md:px-8">
      <SkeletonRows count={6} />
    </div>
  )
}

const slowness = new FreeholdError({ status: 0, code: 'timeout', title: 'No answer', detail: '' })
