import type { FieldError } from '@freehold/contract'

/**
 * Text anywhere in a value, names included, that Postgres cannot hold: NUL, and halves of surrogate pairs. Only for values whose
 * depth has been bounded.
 */
export function unstorableText(value: unknown, pointer: string): FieldError[] {
  if (typeof value === 'string')
    return isStorable(value) ? [] : [{ pointer, message: 'must be text without NUL and without unpaired surrogates' }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${pointer}/${escapePointer(key.toWellFormed())}`
    return isStorable(key)
      ? unstorableText(inner, at)
      : [{ pointer: at, message: 'must have a name without NUL and without unpaired surrogates' }]
  })
}

/** A key as a part of a JSON pointer. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
