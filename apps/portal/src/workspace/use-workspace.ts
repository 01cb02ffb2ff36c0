import type { Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { workspaceQuery } from '../api/workspaces.ts'

/** The workspace of the page. Its frame shows no page before it is there. */
export function useWorkspace(): Workspace & { etag: string | null } {
  const { workspaceId = '' } = useParams({ strict: false })
  const { data } = useQuery(workspaceQuery(workspaceId))
  if (!data) throw new Error('A page of a workspace was shown outside its frame.')
  return data
}
