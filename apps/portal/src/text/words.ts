/** `create_environments` → `Create environments`. */
export function sentenceCase(name: string): string {
  const words = name.replace(/[_.-]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** `1 step`, `3 steps`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

export const onApple = /Mac|iPhone|iPad/.test(navigator.platform)
export const commandKey = onApple ? '⌘' : 'Ctrl'

/** Ends in a full stop and begins with a capital, whatever the server wrote. */
export const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
