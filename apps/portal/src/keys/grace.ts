/** When something that is replaced ends, in seconds after its end begins to be counted. */
export const graces = [
  { value: '0', label: 'At once' },
  { value: '3600', label: 'After 1 hour' },
  { value: '86400', label: 'After 1 day' },
  { value: '604800', label: 'After 7 days' },
] as const

/** What that is counted from. */
export const graceStarts = [
  { value: 'now', label: 'Now' },
  { value: 'first_use', label: 'The first use of the new one' },
] as const
