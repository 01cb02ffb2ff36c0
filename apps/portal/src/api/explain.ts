import type { Workspace } from '@freehold/contract'
import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

export type Asked = { principal?: string | undefined; permission: Workspace['permissions'][number]; resource?: string | undefined }

export const explanationQuery = (workspaceId: string, asked: Asked) =>
  queryOptions({
    queryKey: ['explanation', workspaceId, asked],
    queryFn: ({ signal }) => client.explainAccess({ workspace_id: workspaceId, ...asked }, { signal }),
    staleTime: 0,
    retry: false,
  })
