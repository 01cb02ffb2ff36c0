import type { CredentialTypeDescription } from '@freehold/contract'
import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'
import { queryClient } from './query-client.ts'

export const credentialsKey = (workspaceId: string) => ['workspace', workspaceId, 'credentials'] as const

/** All of them: a limit of the workspace keeps them few. */
export const credentialsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: [...credentialsKey(workspaceId), 'list'],
    queryFn: async ({ signal }) => (await client.listCredentials({ workspace_id: workspaceId, limit: 1000 }, { signal })).items,
  })

export const credentialTypesQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['credential-types'],
    queryFn: ({ signal }): Promise<CredentialTypeDescription[]> => client.listCredentialTypes({ workspace_id: workspaceId }, { signal }),
    staleTime: Infinity,
  })

/** Read when a change begins, so that the change does not overwrite one that came in between. */
export const credentialTagQuery = (workspaceId: string, credentialId: string) =>
  queryOptions({
    queryKey: [...credentialsKey(workspaceId), 'tag', credentialId],
    queryFn: async ({ signal }) =>
      (await client.raw.getCredential({ workspace_id: workspaceId, credential_id: credentialId }, { signal })).etag ?? null,
    gcTime: 0,
    staleTime: Infinity,
  })

export const refreshCredentials = (workspaceId: string) => queryClient.invalidateQueries({ queryKey: credentialsKey(workspaceId) })
