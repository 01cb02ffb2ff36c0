import type { Run, WorkspaceSummary } from '@freehold/contract'
import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

export type WorkspaceFilters = {
  q?: string | undefined
  status?: WorkspaceSummary['status'] | undefined
  account?: string | undefined
  cursor?: string | undefined
}

const pageSize = 25

export const workspacesQuery = ({ q, status, account, cursor }: WorkspaceFilters) =>
  queryOptions({
    queryKey: ['workspaces', { q, status, account, cursor }],
    queryFn: ({ signal }) =>
      client.listWorkspaces({ limit: pageSize, q, status, account_id: account, cursor }, { signal }).then((page) => page),
  })

/** How often what is under way is asked for, beside the stream that tells of it. */
const underWayMs = 2000

export const workspaceQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId],
    queryFn: async ({ signal }) => {
      const { data, etag } = await client.raw.getWorkspace({ workspace_id: workspaceId }, { signal })
      return { ...data, etag }
    },
    // An event that comes while the first answer is on its way changes nothing, and there may be no other.
    refetchInterval: ({ state }) => (state.data?.status === 'provisioning' ? underWayMs : false),
  })

export const environmentsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'environments'],
    queryFn: async ({ signal }) => (await client.listEnvironments({ workspace_id: workspaceId, limit: 100 }, { signal })).items,
    refetchInterval: ({ state }) => (state.data?.some(({ status }) => status === 'provisioning') ? underWayMs : false),
  })

export const apiKeysQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'api-keys'],
    queryFn: async ({ signal }) => (await client.listApiKeys({ workspace_id: workspaceId, limit: 1000 }, { signal })).items,
  })

export const regionsQuery = queryOptions({
  queryKey: ['regions'],
  queryFn: ({ signal }) => client.listRegions({}, { signal }),
  staleTime: Infinity,
})

export const runQuery = (runId: string) =>
  queryOptions({ queryKey: ['run', runId], queryFn: ({ signal }) => client.getRun({ run_id: runId }, { signal }) })

/** The run of a workspace as the live stream last told it; nobody asks the server for it. */
export const liveRunQuery = (workspaceId: string) =>
  queryOptions<Run | null>({ queryKey: ['live-run', workspaceId], queryFn: () => null, enabled: false, staleTime: Infinity })
