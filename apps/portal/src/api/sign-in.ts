import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'
import { queryClient } from './query-client.ts'
import { markSignedIn } from './session.ts'

export const methodsQuery = queryOptions({
  queryKey: ['sign-in-methods'],
  queryFn: ({ signal }) => client.getSignInMethods({}, { signal }),
  staleTime: 5 * 60_000,
})
export const secondFactorsQuery = queryOptions({
  queryKey: ['me', 'second-factors'],
  queryFn: ({ signal }) => client.getSecondFactors({}, { signal }),
})
export const passkeysQuery = queryOptions({
  queryKey: ['me', 'passkeys'],
  queryFn: ({ signal }) => client.listPasskeys({ limit: 100 }, { signal }),
})

/** What was read before was read by somebody else, or by nobody. */
export function beginSession(): void {
  queryClient.clear()
  markSignedIn()
}
