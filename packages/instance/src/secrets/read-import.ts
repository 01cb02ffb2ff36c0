import { AppError, type FieldError, maxSecretBytes, secretKeyPattern } from '@freehold/contract'
import { SecretValue } from '@freehold/kit'
import { parseDotenv } from './dotenv.ts'
import { faultOfKey } from './refusals.ts'

const keyPattern = new RegExp(secretKeyPattern)
const maxSecrets = 1000

/** A secret to import, and where the request names it. */
export type Imported = { key: string; value: SecretValue; pointer: string }

/** What a request wants to import. Throws with every fault, each by key or line and never by value. */
export function readImport({ dotenv, secrets }: { dotenv?: string; secrets?: Record<string, unknown> }): Imported[] {
  if ((dotenv === undefined) === (secrets === undefined)) {
    refuseImport([{ pointer: '/body', message: 'must have either `dotenv` or `secrets`' }])
  }
  const faults: FieldError[] = []
  const found = dotenv === undefined ? fromObject(secrets ?? {}, faults) : fromDotenv(dotenv, faults)
  for (const { key, value, pointer } of found) faults.push(...faultsOf(key, value).map((message) => ({ pointer, message })))
  if (found.length > maxSecrets) faults.push({ pointer: '/body', message: `must name at most ${maxSecrets} secrets` })
  if (faults.length > 0) refuseImport(faults)
  return found
}

/** Throws `invalid_request` with each fault. */
export function refuseImport(errors: FieldError[]): never {
  const shown = errors.slice(0, 3).map(({ pointer, message }) => `${pointer} ${message}`)
  const more = errors.length > shown.length ? ` and ${errors.length - shown.length} more` : ''
  throw new AppError('invalid_request', `Nothing was imported. Mend ${shown.join('; ')}${more}.`, { errors })
}

function fromObject(secrets: Record<string, unknown>, faults: FieldError[]): Imported[] {
  return Object.entries(secrets).flatMap(([key, value]) => {
    const pointer = `/body/secrets/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (typeof value === 'string') return [{ key, value: new SecretValue(value), pointer }]
    faults.push({ pointer, message: 'must be text: put it in quotes' })
    return []
  })
}

function fromDotenv(text: string, faults: FieldError[]): Imported[] {
  const { lines, faults: ofLines } = parseDotenv(text)
  const firstLines = new Map<string, number>()
  faults.push(...ofLines.map(({ line, message }) => ({ pointer: '/body/dotenv', message: `line ${line} ${message}` })))
  return lines.flatMap(({ key, value, line }) => {
    const first = firstLines.get(key)
    // What stands before a `=` may be half of a value that lost its quotes, so only what looks like a name is repeated.
    const name = /^[\w.-]{1,128}$/.test(key) ? `\`${key}\` ` : ''
    const pointer = '/body/dotenv'
    if (first !== undefined) faults.push({ pointer, message: `line ${line} ${name}is there twice, before on line ${first}` })
    else firstLines.set(key, line)
    if (first === undefined && !keyPattern.test(key)) faults.push({ pointer, message: `line ${line} ${name}is no key: ${keyAdvice}` })
    return first === undefined && keyPattern.test(key) ? [{ key, value: new SecretValue(value), pointer }] : []
  })
}

const keyAdvice = 'use ASCII letters, digits and `_`, no digit first, at most 128'

function faultsOf(key: string, value: SecretValue): string[] {
  if (!keyPattern.test(key)) return [`is no key: ${keyAdvice}`]
  const taken = faultOfKey(key)
  const name = `\`${key}\``
  return [...(taken ? [`${name} ${taken}`] : []), ...(value.sizeBytes > maxSecretBytes ? [`${name} is longer than 65536 bytes`] : [])]
}
