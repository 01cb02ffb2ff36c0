import { formatDay } from '../text/time.ts'
import { plural } from '../text/words.ts'

const day = 86_400

/** Lifetimes that a form offers, in seconds; `never` has no end. */
export const lifetimes = [
  { value: String(day), label: '1 day' },
  { value: String(7 * day), label: '7 days' },
  { value: String(30 * day), label: '30 days' },
  { value: String(90 * day), label: '90 days' },
  { value: String(365 * day), label: '1 year' },
  { value: 'never', label: 'No expiry' },
] as const

export const usualLifetime = String(90 * day)

/** The lifetimes that an account allows; its longest is among them, whatever it is. Null allows any. */
export function lifetimesWithin(longestSeconds: number | null): readonly { value: string; label: string }[] {
  if (longestSeconds === null) return lifetimes
  const allowed = lifetimes.filter(({ value }) => Number(value) <= longestSeconds)
  if (allowed.some(({ value }) => Number(value) === longestSeconds)) return allowed
  return [...allowed, { value: String(longestSeconds), label: lengthOf(longestSeconds) }]
}

/** What a form starts with: the usual lifetime, or the longest that is offered where that is shorter. */
export const firstLifetime = (offered: readonly { value: string }[]): string =>
  offered.some(({ value }) => value === usualLifetime) ? usualLifetime : (offered.at(-1)?.value ?? usualLifetime)

/** As the API takes it. */
export const toLifetimeSeconds = (value: string): number | null => (value === 'never' ? null : Number(value))

export const lifetimeHint = (value: string): string =>
  value === 'never' ? 'It works until somebody revokes it.' : `It stops working on ${formatDay(Date.now() + Number(value) * 1000)}.`

/** `30 days`, `12 hours`, `90 minutes`: in the largest unit that divides it. */
export function lengthOf(seconds: number): string {
  if (seconds % day === 0) return plural(seconds / day, 'day')
  if (seconds % 3600 === 0) return plural(seconds / 3600, 'hour')
  return seconds % 60 === 0 ? plural(seconds / 60, 'minute') : plural(seconds, 'second')
}
