import type { Fetch } from '@freehold/drivers'
import type { Clock } from '@freehold/kit'
import type { JWK } from 'jose'
import { fitsAlgorithm } from './algorithms.ts'

/** Key sets that customers publish, remembered for ten minutes. */
export type KeySets = {
  /** The key of that id, or without an id the only one for the algorithm, and how long it may be relied on. Null where there is none. */
  find(uri: string, wanted: { kid: string | undefined; algorithm: string }): Promise<{ jwk: JWK; until: Date } | null>
}

type Entry = { keys: readonly JWK[] | null; fetchedAt: number; askedAt: number; asking: Promise<void> | null }

const freshMs = 10 * 60_000
/** An unknown key makes us ask again, but nobody's tokens make us ask more often than this. */
const pauseMs = 30_000
const pauseAfterFailureMs = 5000
const mostSets = 1000
const mostKeys = 100
const maxBytes = 256 * 1024

export function createKeySets({ fetch, clock }: { fetch: Fetch; clock: Clock }): KeySets {
  const sets = new Map<string, Entry>()

  async function refresh(uri: string, entry: Entry): Promise<void> {
    try {
      const keys = readKeys(await fetch(uri, { headers: { accept: 'application/json' }, maxBytes }))
      if (keys === null) return
      entry.keys = keys
      entry.fetchedAt = clock.now().getTime()
    } catch {
      // Unreachable, or not to be reached: what was fetched less than ten minutes ago still counts, and nothing else.
    } finally {
      entry.asking = null
    }
  }

  function ask(uri: string, entry: Entry): Promise<void> {
    if (entry.asking) return entry.asking
    const now = clock.now().getTime()
    const hasFailed = entry.askedAt > entry.fetchedAt
    if (now < entry.askedAt + (hasFailed ? pauseAfterFailureMs : pauseMs)) return Promise.resolve()
    entry.askedAt = now
    entry.asking = refresh(uri, entry)
    return entry.asking
  }

  function entryOf(uri: string): Entry {
    const entry = sets.get(uri) ?? { keys: null, fetchedAt: -Infinity, askedAt: -Infinity, asking: null }
    // Set anew, so that the set used longest ago is the one forgotten.
    sets.delete(uri)
    sets.set(uri, entry)
    if (sets.size > mostSets) sets.delete(sets.keys().next().value!)
    return entry
  }

  return {
    async find(uri, { kid, algorithm }) {
      const entry = entryOf(uri)
      const known = () => {
        const until = new Date(entry.fetchedAt + freshMs)
        if (entry.keys === null || until <= clock.now()) return null
        const jwk = pick(entry.keys, kid, algorithm)
        return jwk && { jwk, until }
      }
      const found = known()
      if (found) return found
      await ask(uri, entry)
      return known()
    },
  }
}

function pick(keys: readonly JWK[], kid: string | undefined, algorithm: string): JWK | null {
  const fitting = keys.filter((key) => (kid === undefined || key.kid === kid) && fitsAlgorithm(key, algorithm))
  return fitting.length === 1 ? fitting[0]! : null
}

/** The public members of the set's keys; null for what is no key set. */
function readKeys({ status, body }: { status: number; body: Buffer }): JWK[] | null {
  if (status !== 200) return null
  const parsed: unknown = JSON.parse(body.toString('utf8'))
  const keys: unknown = typeof parsed === 'object' && parsed !== null && 'keys' in parsed ? parsed.keys : null
  if (!Array.isArray(keys)) return null
  return keys.slice(0, mostKeys).flatMap((key: unknown) => {
    if (typeof key !== 'object' || key === null) return []
    const { kty, kid, alg, use, crv, x, y, n, e } = key as JWK
    return [{ kty, kid, alg, use, crv, x, y, n, e } as JWK]
  })
}
