import { AppError } from '@freehold/contract'
import { SecretValue } from '@freehold/kit'

/** `$${` is an escaped `${`; otherwise `${KEY}`. What is like neither is text. */
const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]{0,127})\}/g

/** Of all values together: a few that name each other twice would grow without end. */
const maxResolvedLength = 8 * 1024 * 1024
const maxDepth = 100
const mostListed = 20

type Fault = { message: string; keys: string[] }

/**
 * Values with `${OTHER_KEY}` replaced by that secret's own resolved value; of all of them, or of `wanted`. Throws `conflict`, naming
 * keys and never values, where one refers to a key that there is not or to itself through others, or all would be too long.
 */
export function resolveReferences(
  values: ReadonlyMap<string, SecretValue>,
  wanted: Iterable<string> = values.keys(),
): Map<string, SecretValue> {
  const resolved = new Map<string, string>()
  const faults: Fault[] = []
  let length = 0

  function resolve(key: string, path: readonly string[]): string {
    const known = resolved.get(key)
    if (known !== undefined) return known
    const here = [...path, key]
    const text = values
      .get(key)!
      .open()
      .replace(reference, (_, other: string | undefined) => {
        const replacement = other === undefined ? '${' : follow(other, here)
        grow(replacement.length, key)
        return replacement
      })
    grow(text.length, key)
    resolved.set(key, text)
    return text
  }

  function follow(other: string, path: readonly string[]): string {
    const key = path.at(-1)!
    if (!values.has(other)) faults.push({ message: `\`${key}\` refers to \`${other}\`, which there is not.`, keys: [key, other] })
    else if (path.includes(other)) faults.push(cycleOf(path, other))
    else if (path.length >= maxDepth) faults.push({ message: `\`${path[0]}\` refers through ${maxDepth} others.`, keys: [path[0]!] })
    else return resolve(other, path)
    return ''
  }

  // While text is put together: a value of 64 KiB can name another of that size thousands of times.
  function grow(by: number, key: string): void {
    length += by
    if (length > maxResolvedLength) throw refusal([{ message: `With \`${key}\` the values are too long together.`, keys: [key] }])
  }

  const found = Array.from(wanted, (key) => [key, new SecretValue(resolve(key, []))] as const)
  if (faults.length > 0) throw refusal(faults)
  return new Map(found)
}

function cycleOf(path: readonly string[], key: string): Fault {
  const keys = path.slice(path.indexOf(key))
  return { message: `${[...keys, key].map((name) => `\`${name}\``).join(' refers to ')}.`, keys }
}

function refusal(faults: readonly Fault[]): AppError {
  const shown = faults.slice(0, mostListed)
  const more = faults.length > shown.length ? ` And ${faults.length - shown.length} more.` : ''
  return new AppError(
    'conflict',
    `References between secrets cannot be resolved. ${shown.map(({ message }) => message).join(' ')}${more} Write \`$\${\` for a \`\${\` that is meant as text.`,
    { members: { keys: [...new Set(faults.flatMap(({ keys }) => keys))].slice(0, 100) } },
  )
}
