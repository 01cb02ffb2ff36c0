import type { Environment } from '@freehold/contract'
import type { SecretPlaces } from '../api/secrets.ts'

/** The name of a place where a secret can be; null is what all environments share. */
export function placeName(slug: string | null, environments: readonly Environment[]): string {
  if (slug === null) return 'all environments'
  return environments.find((environment) => environment.slug === slug)?.name ?? slug
}

type Named = { key: string; environment: string | null }

/** How a secret and those of the same key elsewhere go together; undefined where there is nothing to say. */
export function overrideNote({ key, environment }: Named, places: SecretPlaces | undefined, environments: readonly Environment[]) {
  const others = places?.get(key)?.filter((place) => place !== environment) ?? []
  if (environment !== null) return others.includes(null) ? 'Overrides the shared value' : undefined
  if (others.length === 0) return undefined
  return `Overridden in ${others.map((place) => placeName(place, environments)).join(', ')}`
}
