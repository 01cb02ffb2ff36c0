import type { Principal } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'

const ninetyDaysSeconds = 7_776_000

type Bounds = {
  maker: Principal
  /** The longest life that the account allows; null is any. */
  policySeconds: number | null
  now: Date
}

/**
 * When a new key ends; null is never. 90 days unless told, or less where the account allows less. Throws where it would live
 * longer than the account allows, or than the key or token that makes it.
 */
export function chooseExpiry(askedSeconds: number | null | undefined, { maker, policySeconds, now }: Bounds): Date | null {
  const seconds = askedSeconds === undefined ? Math.min(ninetyDaysSeconds, policySeconds ?? ninetyDaysSeconds) : askedSeconds
  if (policySeconds !== null && (seconds === null || seconds > policySeconds)) throw longerThanPolicy(policySeconds)
  const expiresAt = seconds === null ? null : after(now, seconds)
  const latest = latestBy(maker)
  if (latest !== null && (expiresAt === null || expiresAt > latest)) throw outlivesMaker(latest)
  return expiresAt
}

/** When the successor of a key ends: it lives as long as the key was made to, but no longer than `bounds` allow. */
export function renewExpiry(key: { created_at: Date; expires_at: Date | null }, { maker, policySeconds, now }: Bounds): Date | null {
  const lifeSeconds = key.expires_at === null ? null : (key.expires_at.getTime() - key.created_at.getTime()) / 1000
  const ends = [lifeSeconds, policySeconds].filter((seconds) => seconds !== null).map((seconds) => after(now, seconds))
  return [...ends, latestBy(maker)].reduce((soonest, end) => (end !== null && (soonest === null || end < soonest) ? end : soonest), null)
}

/** What a person makes stays behind when their session ends; what a workspace's own credential makes ends with it. */
function latestBy({ kind, credential }: Principal): Date | null {
  return kind === 'user' ? null : credential.expiresAt
}

function after(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000)
}

function longerThanPolicy(policySeconds: number): AppError {
  return new AppError(
    'forbidden',
    `The account's policy \`max_api_key_lifetime_seconds\` lets a key live ${policySeconds} seconds at most: choose that or less, or ask somebody who administers the account.`,
    {
      errors: [{ pointer: '/body/lifetime_seconds', message: `must be at most ${policySeconds}` }],
      members: { policy: 'max_api_key_lifetime_seconds', allowed: policySeconds },
    },
  )
}

function outlivesMaker(latest: Date): AppError {
  return new AppError('forbidden', `A key makes no key that outlives it: choose a lifetime that ends before ${latest.toISOString()}.`, {
    members: { permission: 'manage_members' },
  })
}
