import type { SecretCategory } from '@freehold/contract'
import { FreeholdError } from '@freehold/sdk/core'
import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'
import { isProblem, retell } from './problem.ts'
import { queryClient } from './query-client.ts'

type SecretFilters = {
  environment?: string | undefined
  category?: SecretCategory | undefined
  q?: string | undefined
  cursor?: string | undefined
}

/** Everything below stands under this key. No value of a secret is ever kept under it. */
export const secretsKey = (workspaceId: string) => ['workspace', workspaceId, 'secrets'] as const

export const secretsQuery = (workspaceId: string, filters: SecretFilters) =>
  queryOptions({
    queryKey: [...secretsKey(workspaceId), 'list', filters],
    queryFn: ({ signal }) => client.listSecrets({ workspace_id: workspaceId, limit: 25, ...filters }, { signal }).then((page) => page),
  })

/** Of each key, where it has a value of its own: slugs of environments, `null` for the shared one. */
export type SecretPlaces = ReadonlyMap<string, readonly (string | null)[]>

export const secretPlacesQuery = (workspaceId: string, environments: readonly string[]) =>
  queryOptions({
    queryKey: [...secretsKey(workspaceId), 'places', environments],
    queryFn: async ({ signal }): Promise<SecretPlaces> => {
      const places = new Map<string, (string | null)[]>()
      const read = async (environment: string | null) => {
        for await (const secret of client.listSecrets(
          { workspace_id: workspaceId, limit: 1000, environment: environment ?? undefined },
          { signal },
        )) {
          if (secret.environment === environment) places.set(secret.key, [...(places.get(secret.key) ?? []), environment])
        }
      }
      await Promise.all([null, ...environments].map(read))
      return places
    },
    staleTime: 30_000,
  })

export type SecretPlace = { key: string; environment: string | null }

/** What the routes of one secret take. */
export const addressOf = (workspaceId: string, { key, environment }: SecretPlace) => ({
  workspace_id: workspaceId,
  key,
  environment: environment ?? undefined,
})

/** Read when a change begins, so that the change does not overwrite one that came in between. */
export const secretTagQuery = (workspaceId: string, place: SecretPlace) =>
  queryOptions({
    queryKey: [...secretsKey(workspaceId), 'tag', place],
    queryFn: async ({ signal }) => (await client.raw.getSecretMetadata(addressOf(workspaceId, place), { signal })).etag ?? null,
    gcTime: 0,
    staleTime: Infinity,
  })

/** Whether there is a secret of exactly this key in exactly this place. */
export async function hasSecret(workspaceId: string, place: SecretPlace): Promise<boolean> {
  try {
    await client.getSecretMetadata(addressOf(workspaceId, place))
    return true
  } catch (error) {
    if (isProblem(error, 'not_found')) return false
    throw error
  }
}

export const versionsQuery = (workspaceId: string, place: SecretPlace) =>
  queryOptions({
    queryKey: [...secretsKey(workspaceId), 'versions', place],
    queryFn: async ({ signal }) => (await client.listSecretVersions({ ...addressOf(workspaceId, place), limit: 100 }, { signal })).items,
  })

export const refreshSecrets = (workspaceId: string) => queryClient.invalidateQueries({ queryKey: secretsKey(workspaceId) })

/** The refusal of a change that is based on what is no longer there, as the reader of a form understands it. */
export function tellMismatch(error: unknown, what: string): unknown {
  if (!(error instanceof FreeholdError && isProblem(error, 'version_mismatch'))) return error
  return retell(error, { detail: `Somebody changed this ${what} since you opened it. Close this, look at what it is now, then try again.` })
}
