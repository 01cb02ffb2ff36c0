import { readFileSync } from 'node:fs'
import { CommandFailure } from './framework/failure.ts'

/** A JSON object: written on the command line, in a file named behind `@`, or on standard input for `-`. */
export function readJsonObject(word: string, what: string): Record<string, unknown> {
  const value = readJson(word, what)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new CommandFailure('usage', `The ${what} must be a JSON object.`)
}

/** Same, of any JSON. */
export function readJson(word: string, what: string): unknown {
  try {
    if (word === '-') return JSON.parse(readFileSync(0, 'utf8'))
    return JSON.parse(word.startsWith('@') ? readFileSync(word.slice(1), 'utf8') : word)
  } catch (error) {
    throw new CommandFailure(
      'usage',
      `The ${what} cannot be read as JSON: ${(error as Error).message}`,
      'Write JSON, @FILE, or - for standard input.',
    )
  }
}
