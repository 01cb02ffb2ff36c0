import type { Flag } from './framework/command.ts'
import { CommandFailure } from './framework/failure.ts'

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 }

/** `12h`, `30d` or `1y` as seconds. */
export function readDuration(word: string): number {
  const [, count, unit = 's'] = /^(\d{1,9})([smhdy])?$/.exec(word) ?? []
  if (count === undefined) throw new CommandFailure('usage', `"${word}" is no length of time.`, 'Such as 12h, 30d or 1y.')
  return Number(count) * (unitSeconds[unit] ?? 1)
}

/** Seconds, where a length of time may be given. */
export const duration = (description: string): Flag<number | undefined> => ({
  placeholder: 'TIME',
  description,
  parse: (value) => (typeof value === 'string' ? readDuration(value) : undefined),
})

/** Seconds, or null for `never`. */
export const durationOrNever = (description: string): Flag<number | null | undefined> => ({
  placeholder: 'TIME',
  description,
  parse: (value) => (typeof value !== 'string' ? undefined : value === 'never' ? null : readDuration(value)),
})

/** A point in time: RFC 3339, or a length of time from now; null for `never`. */
export const pointInTime = (description: string): Flag<string | null | undefined> => ({
  placeholder: 'TIME',
  description,
  parse: (value) => {
    if (typeof value !== 'string') return undefined
    if (value === 'never') return null
    const at = /^\d{4}-/.test(value) ? Date.parse(value) : Date.now() + readDuration(value) * 1000
    if (Number.isNaN(at)) throw new CommandFailure('usage', `"${value}" is no time.`, 'Such as 30d, or 2027-01-31T00:00:00Z.')
    return new Date(at).toISOString()
  },
})
