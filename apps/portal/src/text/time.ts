const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'always', style: 'short' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })
const day = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' })

const minute = 60
const hour = 60 * minute
const dayLength = 24 * hour
const month = 30.44 * dayLength
const year = 365.25 * dayLength

const units: readonly [limitSeconds: number, unitSeconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [hour, minute, 'minute'],
  [dayLength, hour, 'hour'],
  [31 * dayLength, dayLength, 'day'],
  [year, month, 'month'],
  [Infinity, year, 'year'],
]

/** `3 min ago`, `in 2 days`; `nowMs` is the present. English writes its short units with a full stop, which would end sentences in the middle. */
export function formatRelative(at: string, nowMs: number): string {
  const seconds = (Date.parse(at) - nowMs) / 1000
  const distance = Math.abs(seconds)
  if (distance < 45) return seconds > 1 ? 'in a moment' : 'just now'
  const [, length, unit] = units.find(([limit]) => distance < limit) ?? units[4]!
  return relative.format(Math.round(seconds / length) || Math.sign(seconds), unit).replace(/\.(?=\s|$)/, '')
}

/** Date, time and zone, for a title. */
export const formatFull = (at: string): string => full.format(new Date(at))

/** Date alone. */
export const formatDay = (at: string | number): string => day.format(new Date(at))

/** How long something took: `840 ms`, `3.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}
