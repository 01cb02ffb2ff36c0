import type { FieldError } from '@freehold/contract'
import { FreeholdError } from '@freehold/sdk/core'
import type { FieldValues, Path, UseFormSetError } from 'react-hook-form'
import { asSentence } from '../text/words.ts'

/** One sentence or two for the reader, with the request's id where the server is at fault. */
export function describeProblem(error: unknown): string {
  if (!(error instanceof FreeholdError)) return 'Something went wrong in this page. Reload it and try again.'
  if (error.status === 0) return 'Freehold cannot be reached. Nothing was lost; try again.'
  if (error.code === 'rate_limited') return `${error.title}. ${waitAdvice(error)}`
  const text = error.detail || error.title
  return error.status >= 500 && error.requestId ? `${text} Request ${error.requestId}.` : text
}

/** When to try again, in words. */
function waitAdvice(error: FreeholdError): string {
  const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1000)
  if (seconds <= 0) return 'Try again in a while.'
  const at = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(
    Date.now() + seconds * 1000,
  )
  const length = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  return `Try again in ${length}, at ${at}.`
}

export const isProblem = (error: unknown, code: string): boolean => error instanceof FreeholdError && error.code === code

/** Refused for want of a second factor alone: the person can mend that. */
export const needsSecondFactor = (error: unknown): boolean =>
  error instanceof FreeholdError && error.status === 403 && error.members['permission'] === 'second_factor'

/** Nothing there, or nothing that this person may know of; a malformed id is the same to a reader. */
export const isMissing = (error: unknown): boolean => error instanceof FreeholdError && (error.status === 404 || error.status === 400)

/** What the server found wrong with one part of the request. */
export const faultOf = (error: unknown, pointer: string): string | undefined =>
  error instanceof FreeholdError ? error.errors.find((fault) => fault.pointer === pointer)?.message : undefined

/** The same refusal, said otherwise. */
export function retell(error: FreeholdError, changes: { detail?: string; errors?: FieldError[] }): FreeholdError {
  const { status, code, title, detail, requestId, errors, members, retryAfterMs } = error
  return new FreeholdError({ status, code, title, detail, requestId, errors, members, retryAfterMs, cause: error, ...changes })
}

/** The same refusal, its faults said by where a form shows them and as a reader knows them. */
export function mapFaults(error: unknown, map: (faults: readonly FieldError[]) => FieldError[]): unknown {
  return error instanceof FreeholdError ? retell(error, { errors: map(error.errors) }) : error
}

/** Puts each fault under its field and the rest into the form's own error (`root`). */
export function showProblem<T extends FieldValues>(error: unknown, setError: UseFormSetError<T>, fields: readonly Path<T>[]): void {
  const faults = error instanceof FreeholdError ? error.errors : []
  let placed = 0
  for (const { pointer, message } of faults) {
    const field = fields.find((name) => pointer === `/body/${name}` || pointer.startsWith(`/body/${name}/`))
    if (!field) continue
    setError(field, { type: 'server', message: asSentence(message) }, { shouldFocus: placed === 0 })
    placed += 1
  }
  if (placed < Math.max(1, faults.length)) {
    const rest = faults.filter(({ pointer }) => !fields.some((name) => pointer.startsWith(`/body/${name}`)))
    const message = [describeProblem(error), ...rest.map((fault) => `${fault.pointer}: ${fault.message}`)].join(' ')
    setError('root', { type: 'server', message })
  }
}
