import { formatDay } from '../text/time.ts'

const dayMs = 86_400_000
const spans = [1, 7, 30, 90]

/** When a grant may end; with `current`, it may also stay as it is. */
export function endOptions(current?: string | null) {
  return [
    ...(current === undefined
      ? []
      : [{ value: 'keep', label: current === null ? 'As it is: never' : `As it is: ${formatDay(Date.parse(current))}` }]),
    ...(current === null ? [] : [{ value: 'never', label: 'Never' }]),
    ...spans.map((days) => ({ value: String(days), label: days === 1 ? 'In a day' : `In ${days} days` })),
  ]
}

/** As the API takes it; undefined leaves it as it is. */
export function toEnd(value: string): string | null | undefined {
  if (value === 'keep') return undefined
  return value === 'never' ? null : new Date(Date.now() + Number(value) * dayMs).toISOString()
}
