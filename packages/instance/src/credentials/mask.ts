const stars = '************'
const shortest = 16

/** What is shown of a secret: four characters at either end, and of a short one nothing, not even how long it is. */
export function mask(value: string): string {
  const characters = Array.from(value)
  if (characters.length < shortest) return stars
  return `${characters.slice(0, 4).join('')}${stars}${characters.slice(-4).join('')}`
}
