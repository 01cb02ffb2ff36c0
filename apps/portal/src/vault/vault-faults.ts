import type { FieldError } from '@freehold/contract'
import { mapFaults } from '../api/problem.ts'
import { asSentence } from '../text/words.ts'
import { isObject, type JsonSchema } from './fields.ts'

/** A JSON object as it was typed, or what is wrong with it and where. */
export function readObject(text: string): { object: JsonSchema } | { fault: string } {
  try {
    const object: unknown = JSON.parse(text)
    return isObject(object) ? { object } : { fault: 'It must be a JSON object: `{ … }`.' }
  } catch (error) {
    return { fault: `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.` }
  }
}

/** All faults of one part of the body as the one fault of its field, each with where it is in what was typed. */
export function joinFaults(error: unknown, parts: readonly string[]): unknown {
  return mapFaults(error, (faults) => {
    const others = faults.filter(({ pointer }) => !parts.some((part) => isWithin(pointer, part)))
    const joined = parts.flatMap((part): FieldError[] => {
      const within = faults.filter(({ pointer }) => isWithin(pointer, part))
      if (within.length === 0) return []
      const message = [...new Set(within.map((fault) => sentenceOf(fault, `/body/${part}`)))].join(' ')
      return [{ pointer: `/body/${part}`, message }]
    })
    return [...joined, ...others]
  })
}

const isWithin = (pointer: string, part: string) => pointer === `/body/${part}` || pointer.startsWith(`/body/${part}/`)

function sentenceOf({ pointer, message }: FieldError, at: string): string {
  const place = pointer.slice(at.length)
  const line = at === '/body/indexes' ? /^\/(\d+)/.exec(place)?.[1] : undefined
  return asSentence(line === undefined ? `${place && `\`${place}\` `}${message}` : `Index ${Number(line) + 1} ${message}`)
}
