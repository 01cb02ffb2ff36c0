import { FreeholdError } from '@freehold/sdk/core'
import { QueryClient } from '@tanstack/react-query'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      // The SDK has repeated what is worth repeating; an answer that says no will say it again.
      retry: (failures, error) => failures < 1 && error instanceof FreeholdError && error.status === 0,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})
