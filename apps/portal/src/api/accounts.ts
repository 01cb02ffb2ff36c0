import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: async ({ signal }) => (await client.listAccounts({ limit: 1000 }, { signal })).items,
  staleTime: 60_000,
})

export const accountQuery = (accountId: string) =>
  queryOptions({ queryKey: ['account', accountId], queryFn: ({ signal }) => client.getAccount({ account_id: accountId }, { signal }) })

export const accountWorkspacesQuery = (accountId: string, cursor?: string) =>
  queryOptions({
    queryKey: ['workspaces', 'by-account', accountId, { cursor }],
    queryFn: ({ signal }) => client.listWorkspacesByAccount({ account_id: accountId, limit: 25, cursor }, { signal }),
  })
