import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

const pageSize = 25

/** Everything below stands under this key, so that one invalidation brings all of it up to date. */
export const accessKey = (workspaceId: string) => ['workspace', workspaceId, 'access'] as const

export const membersQuery = (workspaceId: string, { q, cursor }: { q?: string | undefined; cursor?: string | undefined }) =>
  queryOptions({
    queryKey: [...accessKey(workspaceId), 'members', { q, cursor }],
    queryFn: ({ signal }) => client.listMembers({ workspace_id: workspaceId, limit: pageSize, q, cursor }, { signal }).then((page) => page),
  })

export const grantsQuery = (workspaceId: string, cursor?: string) =>
  queryOptions({
    queryKey: [...accessKey(workspaceId), 'grants', { cursor }],
    queryFn: ({ signal }) => client.listGrants({ workspace_id: workspaceId, limit: pageSize, cursor }, { signal }).then((page) => page),
  })

/** The groups that a workspace can be shared with. Who may not read the account gets none. */
export const accountGroupsQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['account', accountId, 'groups', 'all'],
    queryFn: async ({ signal }) => (await client.listGroups({ account_id: accountId, limit: 1000 }, { signal })).items,
    staleTime: 60_000,
  })
