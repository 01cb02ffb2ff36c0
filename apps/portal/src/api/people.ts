import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'
import { accessKey } from './sharing.ts'

/** The names of those who have access, by id. Somebody who has lost it is not among them. */
export const namesQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: [...accessKey(workspaceId), 'names'],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, string>> => {
      const { items } = await client.listMembers({ workspace_id: workspaceId, limit: 1000 }, { signal })
      return new Map(items.map(({ subject_id, label }) => [subject_id, label]))
    },
    staleTime: 60_000,
  })
