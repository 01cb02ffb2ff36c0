import { formatDay } from '../text/time.ts'

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

/** As the API takes it. */
export const toLifetimeSeconds = (value: string): number | null => (value === 'never' ? null : Number(value))

export const lifetimeHint = (value: string): string =>
  value === 'never' ? 'It works until somebody revokes it.' : `It stops working on ${formatDay(Date.now() + Number(value) * 1000)}.`
