import { queryOptions } from '@tanstack/react-query'
import { isProblem } from './problem.ts'
import { queryClient } from './query-client.ts'

/** Whether the installation has no root key, so that nothing sealed can be written or read. Not knowing counts as no. */
export const sealedQuery = queryOptions({
  queryKey: ['sealed'],
  queryFn: async ({ signal }): Promise<boolean> => {
    try {
      const answer = await fetch('/readyz', { signal })
      const { dependencies } = (await answer.json()) as { dependencies?: Record<string, unknown> }
      return dependencies?.['root_key'] === 'sealed'
    } catch {
      return false
    }
  },
  staleTime: 60_000,
})

/** Runs something that needs the root key, and remembers if it was refused for the want of it. */
export async function heedSeal<T>(run: () => Promise<T>): Promise<T> {
  try {
    const result = await run()
    queryClient.setQueryData(sealedQuery.queryKey, false)
    return result
  } catch (error) {
    if (isProblem(error, 'sealed')) queryClient.setQueryData(sealedQuery.queryKey, true)
    throw error
  }
}
