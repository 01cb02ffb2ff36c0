import { plural } from '../text/words.ts'

const offered = [30, 60, 90, 180, 365]
const none = { value: '', label: 'Never' }

/** How often a form offers to be reminded; what is set already is among them. */
export function reminderOptions(held: number | null): readonly { value: string; label: string }[] {
  const days = held === null || offered.includes(held) ? offered : [...offered, held].toSorted((a, b) => a - b)
  return [none, ...days.map((count) => ({ value: String(count), label: `Every ${plural(count, 'day')}` }))]
}

export const fromReminder = (days: number | null): string => (days === null ? none.value : String(days))
export const toReminder = (value: string): number | null => (value === none.value ? null : Number(value))
