import { CommandFailure } from './framework/failure.ts'

/** Values as a `.env` file that is read back as they are. Throws where no kind of quotes can hold one. */
export function toDotenv(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${quoted(key, value)}\n`)
    .join('')
}

function quoted(key: string, value: string): string {
  if (/^[\w.:/@%+,-]*$/.test(value)) return value
  // A backslash before the quote at the end would keep it open; readers turn a carriage return into a line's end.
  const fits = !value.endsWith('\\') && !value.includes('\r')
  const quote = ["'", '`', '"'].find((mark) => fits && !value.includes(mark) && (mark !== '"' || !/\\[nr]/.test(value)))
  if (quote === undefined) throw new CommandFailure('failed', `${key} cannot be written in a .env file.`, 'Take --json.')
  return quote + value + quote
}
