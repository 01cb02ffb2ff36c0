import type { OrgWorkspace, OrgWorkspaceChange } from '@freehold/contract'
import { FreeholdError } from '@freehold/sdk/core'
import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'
import { isProblem, retell } from './problem.ts'
import { queryClient } from './query-client.ts'

export type LoadedOrgWorkspace = OrgWorkspace & { etag: string | null }

/** What the organization's side of the API tells of a workspace: its key, and how its tokens are verified. */
export const orgWorkspaceQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'org'],
    queryFn: async ({ signal }): Promise<LoadedOrgWorkspace> => {
      const { data, etag } = await client.raw.getOrgWorkspace({ workspace_id: workspaceId }, { signal })
      return { ...data, etag }
    },
  })

/** Changes it, unless somebody else has since it was read. */
export async function changeOrgWorkspace({ id, etag }: LoadedOrgWorkspace, change: OrgWorkspaceChange): Promise<void> {
  const { queryKey } = orgWorkspaceQuery(id)
  try {
    const answer = await client.raw.updateOrgWorkspace({ workspace_id: id, ...change }, { ifMatch: etag ?? undefined })
    queryClient.setQueryData(queryKey, { ...answer.data, etag: answer.etag })
  } catch (error) {
    if (!(error instanceof FreeholdError && isProblem(error, 'version_mismatch'))) throw error
    await queryClient.invalidateQueries({ queryKey })
    throw retell(error, { detail: 'Somebody changed this workspace since you opened it. Look at what it is now, then try again.' })
  }
}

type TenantFilters = { q?: string | undefined; status?: 'active' | 'disabled' | undefined; cursor?: string | undefined }

export const tenantsKey = (workspaceId: string) => ['workspace', workspaceId, 'tenants'] as const

export const tenantsQuery = (workspaceId: string, { q, status, cursor }: TenantFilters) =>
  queryOptions({
    queryKey: [...tenantsKey(workspaceId), { q, status, cursor }],
    queryFn: ({ signal }) =>
      client.listTenants({ workspace_id: workspaceId, limit: 25, q, status, cursor }, { signal }).then((page) => page),
  })
