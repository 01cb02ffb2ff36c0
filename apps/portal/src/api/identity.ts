import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => client.getMe({}, { signal }), staleTime: 5 * 60_000 })
export const setupQuery = queryOptions({ queryKey: ['setup'], queryFn: ({ signal }) => client.getSetup({}, { signal }) })
export const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: ({ signal }) => client.listMySessions({ limit: 100 }, { signal }),
})
export const tokensQuery = queryOptions({
  queryKey: ['me', 'tokens'],
  queryFn: ({ signal }) => client.listMyTokens({ limit: 100 }, { signal }),
})
