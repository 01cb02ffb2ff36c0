import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { workspaceQuery } from '../api/workspaces.ts'
import { readLastWorkspace } from '../workspace/last-workspace.ts'

/** The workspace of the URL or, on pages above workspaces, the one last seen, so that it stays one click away. */
export function useCurrentWorkspace() {
  const { workspaceId } = useParams({ strict: false })
  const id = workspaceId ?? readLastWorkspace()
  const { data } = useQuery({ ...workspaceQuery(id ?? ''), enabled: Boolean(id) })
  return data
}
