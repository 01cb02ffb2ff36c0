import type { Workspace } from '@freehold/contract'
import { createContext, useContext } from 'react'

export type LoadedWorkspace = Workspace & { etag: string | null }

// Not read from the URL here: while a navigation is under way the URL is already the next page's.
export const WorkspaceContext = createContext<LoadedWorkspace | null>(null)

/** The workspace of the page. Its frame shows no page before it is there. */
export function useWorkspace(): LoadedWorkspace {
  const workspace = useContext(WorkspaceContext)
  if (!workspace) throw new Error('A page of a workspace was shown outside its frame.')
  return workspace
}
