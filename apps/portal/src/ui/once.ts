import { useState } from 'react'

/** True from the first time that `value` is: what is loaded when first wanted stays, so that it can also close gracefully. */
export function useOnceTrue(value: boolean): boolean {
  const [once, setOnce] = useState(value)
  if (value && !once) setOnce(true)
  return once || value
}

/** What was last given: a dialog that closes shows it to the end. */
export function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value)
  if (value !== undefined && value !== last) setLast(value)
  return value ?? last
}
