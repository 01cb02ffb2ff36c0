import type { FreeholdError } from '@freehold/sdk'

/** What the process ends with. Documented in `freehold help`; scripts rely on it. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  unauthenticated: 3,
  forbidden: 4,
  notFound: 5,
  conflict: 6,
  limited: 7,
  notRunnable: 127,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** An end that a command chooses: what went wrong, and what to do next. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode
  readonly hint: string | undefined

  constructor(exitCode: keyof typeof exitCodes, message: string, hint?: string) {
    super(message)
    this.exitCode = exitCodes[exitCode]
    this.hint = hint
  }
}

/** The program that a command ran has ended: its exit code is ours. */
export class ProgramEnded extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`the program ended with ${exitCode}`)
    this.exitCode = exitCode
  }
}

const byStatus: Record<number, ExitCode> = {
  400: exitCodes.usage,
  401: exitCodes.unauthenticated,
  402: exitCodes.limited,
  403: exitCodes.forbidden,
  404: exitCodes.notFound,
  409: exitCodes.conflict,
  412: exitCodes.conflict,
  422: exitCodes.conflict,
  423: exitCodes.limited,
  428: exitCodes.conflict,
  429: exitCodes.limited,
}

export function exitCodeOf({ code, status }: FreeholdError): ExitCode {
  return code === 'unexpected_response' ? exitCodes.failed : (byStatus[status] ?? exitCodes.failed)
}
